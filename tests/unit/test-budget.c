/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The budget of logins, by stories under a clock of their own.  Words of a story:
 *
 *   ask, always          a login is asked for, and allowed
 *   ok, refused, untried what became of the oldest one whose end was not told yet
 *   no-REASON-MINUTES    a login is asked for, and refused so long; wait: it has to wait for others
 *   +MINUTES             time passes
 *   wall+MINUTES         the clock on the wall is set; wall-MINUTES
 *   save                 written down and read again
 *   boot+MINUTES         the same, with the computer off in between; boot-MINUTES: the wall clock lost time
 *   pause-MINUTES        the server asks to wait; pause: it does not say for how long
 *   90*WORD              a word many times
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "config.h"
#include "harness.h"

#define YEAR "525600"

static const struct {
        const char *name, *story;
} stories[] = {
        { "right passwords are free", "20*ask-ok ask" },
        { "three refused, then none for half an hour",
          "ask refused ask refused ask refused no-refused-30 +29 no-refused-1 +1 ask" },
        { "each of them is over by itself", "ask refused +10 ask refused +10 ask refused no-refused-10 +10 ask refused "
          "no-refused-10 +9 no-refused-1 +1 ask" },
        { "a success between them takes none of them back", "ask refused ask refused ask ok ask refused no-refused-30" },
        { "what was not tried costs nothing", "ask untried ask untried ask untried ask untried ask" },
        { "many at once: as many as may be refused", "ask ask ask wait wait" },
        { "… and when these are fine, the next", "ask ask ask wait ok ask wait ok ok ok ask" },
        { "… and when they are refused, none", "ask ask ask wait refused refused refused no-refused-30" },
        { "… one was refused: fewer at once", "ask refused ask ask wait ok ask wait" },
        { "an outcome that never comes counts as refused", "ask ask ask wait +3 no-refused-27 +27 ask" },
        { "… though it may come late", "ask +29 refused ask refused ask refused no-refused-30" },
        { "… or too late", "ask +31 ok ask refused ask refused ask refused no-refused-30" },
        { "a day", "90*ask-ok 6*ask-ok no-day-1440 +1439 no-day-1 +1 ask" },
        { "a day begins with its first login", "ask ok +1000 95*ask-ok no-day-440 +440 ask" },
        { "those that were not tried are none of the day's", "90*ask-ok 50*ask-untried 6*ask-ok no-day-1440" },
        { "too many", "ask refused pause no-server-30 +29 no-server-1 +1 ask" },
        { "too many, for a stated time", "ask refused pause-5 no-server-5 +5 ask" },
        { "a server cannot ask for more than a day", "pause-" YEAR " no-server-1440 +1440 ask" },
        { "nor take back what it asked for", "pause-60 pause-5 no-server-60" },
        { "the latest time is told", "ask refused ask refused ask refused pause-10 no-refused-30" },
        { "… whatever it comes from", "ask refused ask refused ask refused pause-50 no-server-50" },
        { "who insists may, and it counts", "ask refused ask refused ask refused always refused no-refused-30 always ok "
          "no-refused-30" },
        { "… also on another day", "96*ask-ok no-day-1440 always ok no-day-1440 +1440 ask" },

        { "the wall clock goes a year forward", "ask refused ask refused ask refused wall+" YEAR " no-refused-30 save "
          "no-refused-30 +30 ask" },
        { "the wall clock goes a year back", "ask refused ask refused ask refused wall-" YEAR " no-refused-30 save "
          "no-refused-30 +30 ask" },
        { "… and a pause ends all the same", "pause-60 wall-" YEAR " save +59 no-server-1 +1 ask" },
        { "… and a day", "96*ask-ok wall-" YEAR " save no-day-1440 +1440 ask" },
        { "memory is no amnesty", "ask refused ask refused save ask refused save no-refused-30 +30 save ask" },
        { "nor is a login in the middle", "ask ask save ask wait +3 no-refused-27" },
        { "… whose end is told later", "ask ask save ask ok ok save ok ask" },
        { "off for ten minutes", "ask refused ask refused ask refused boot+10 no-refused-20 +20 ask" },
        { "off for a day", "ask refused ask refused ask refused 93*ask-ok-always boot+1440 ask" },
        { "off, and the clock lost a year: the time since then counts", "ask refused ask refused ask refused boot-" YEAR
          " no-refused-30 +29 no-refused-1 +1 ask" },
        { "… for a day, too", "96*ask-ok boot-" YEAR " no-day-1440 +1440 ask" },
        { "the clock had not been set when it was written down", "wall-9999999 ask refused ask refused ask refused save "
          "boot+9999999 no-refused-30 +30 ask" },
};

typedef struct Play {
        const char *name;
        Budget *budget;
        BudgetClock now;
        KeyedHash account;
        BudgetTicket tickets[128];
        size_t first, end;              /* of those whose end was not told */
} Play;

static Budget *new_budget(void) {
        return budget_new(&(KeyedHash) { "a key of sixteen" });
}

static void reopen(Play *play) {
        char *text = budget_to_text(play->budget, &play->now);
        Budget *budget;

        ck_assert_int_eq(budget_from_text(text, &play->now, &budget), 0);
        budget_free(play->budget);
        play->budget = budget;
        free(text);
}

static void restart(Play *play, long off_minutes) {
        char *text = budget_to_text(play->budget, &play->now);
        Budget *budget;

        play->now.boot.bytes[0]++;
        play->now.boottime = 7000000;
        play->now.realtime += off_minutes * BUDGET_MINUTE;
        ck_assert_int_eq(budget_from_text(text, &play->now, &budget), 0);
        budget_free(play->budget);
        play->budget = budget;
        free(text);
}

static void ask(Play *play, bool always, const char *expected) {
        BudgetTicket ticket = { 0 };
        Denial denial = { 0 };
        char got[64];

        BudgetAnswer answer = budget_ask(play->budget, &play->account, &play->now, always, &ticket, &denial);
        if (answer == BUDGET_YES)
                play->tickets[play->end++] = ticket;
        snprintf(got, sizeof(got), "no-%s-%u", denial_reason_to_string(denial.reason), denial.wait_minutes);
        if (answer == BUDGET_NO)
                ck_assert_int_eq((int64_t) denial.again_usec / BUDGET_MINUTE,
                                 play->now.realtime / BUDGET_MINUTE + denial.wait_minutes);
        const char *said = answer == BUDGET_YES ? "yes" : answer == BUDGET_WAIT ? "wait" : got;
        ck_assert_msg(!strcmp(said, expected), "%s: %s instead of %s", play->name, said, expected);
}

static void settle(Play *play, BudgetOutcome outcome) {
        ck_assert_uint_lt(play->first, play->end);
        budget_settle(play->budget, &play->tickets[play->first++], &play->now, outcome);
        if (play->first == play->end)
                play->first = play->end = 0;
}

static bool begins(const char *word, const char *with, long *ret_number) {
        size_t length = strlen(with);
        if (strncmp(word, with, length))
                return false;
        *ret_number = strtol(word + length, NULL, 10);
        return true;
}

static void say(Play *play, const char *word) {
        long n;

        if (!strcmp(word, "ask"))
                ask(play, false, "yes");
        else if (!strcmp(word, "always"))
                ask(play, true, "yes");
        else if (!strcmp(word, "ok"))
                settle(play, BUDGET_OK);
        else if (!strcmp(word, "refused"))
                settle(play, BUDGET_REFUSED);
        else if (!strcmp(word, "untried"))
                settle(play, BUDGET_NOT_TRIED);
        else if (!strcmp(word, "save"))
                reopen(play);
        else if (begins(word, "boot", &n))
                restart(play, n);
        else if (begins(word, "wall", &n))
                play->now.realtime += n * BUDGET_MINUTE;
        else if (begins(word, "pause-", &n) || begins(word, "pause", &n))
                budget_pause(play->budget, &play->account, &play->now, n * BUDGET_MINUTE);
        else if (begins(word, "+", &n)) {
                play->now.boottime += n * BUDGET_MINUTE;
                play->now.realtime += n * BUDGET_MINUTE;
        } else
                ask(play, false, word);
}

/* "96*ask-ok": several words joined, several times. */
static void say_often(Play *play, const char *words) {
        const char *star = strchr(words, '*');

        for (long i = star ? strtol(words, NULL, 10) : 1; i > 0; i--) {
                char joined[64], *rest = joined, *word;
                if (!star || strncmp(star + 1, "ask-", 4)) {
                        say(play, star ? star + 1 : words);
                        continue;
                }
                bool always = strstr(star, "-always") != NULL;
                snprintf(joined, sizeof(joined), "%s", star + 1);
                while ((word = strsep(&rest, "-")))
                        if (strcmp(word, "always"))
                                say(play, always && !strcmp(word, "ask") ? "always" : word);
        }
}

static void play_init(Play *play, const char *name) {
        *play = (Play) {
                .name = name,
                .budget = new_budget(),
                .now = { .boot = SD_ID128_MAKE(1, 2, 3, 4, 5, 6, 7, 8, 9, a, b, c, d, e, f, 10),
                         .boottime = 3600 * INT64_C(1000000),
                         .realtime = (MAILDIAG_RELEASE_TIME + 400 * 86400) * INT64_C(1000000) },
        };
        play->account = budget_account(play->budget, "anna@example.org", "mail.example.org");
}

START_TEST(story) {
        char words[1024], *rest = words, *word;
        Play play;

        play_init(&play, stories[_i].name);
        snprintf(words, sizeof(words), "%s", stories[_i].story);
        while ((word = strsep(&rest, " ")))
                if (*word)
                        say_often(&play, word);
        budget_free(play.budget);
}
END_TEST

/* ---- accounts ---- */

START_TEST(accounts) {
        static const struct {
                const char *user, *host;
                bool same;
        } others[] = {
                { "anna@example.org", "mail.example.org", true },
                { "Anna@Example.ORG", "MAIL.example.org", true },
                { "anna", "mail.example.org", false },
                { "anna@example.org", "mail.example.net", false },
                { "anna@example.orgm", "ail.example.org", false },
                { "mail.example.org", "anna@example.org", false },
                { "", "", false },
        };
        Budget *budget = new_budget(), *foreign = budget_new(&(KeyedHash) { "another key" });
        KeyedHash anna = budget_account(budget, "anna@example.org", "mail.example.org");

        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
                KeyedHash other = budget_account(budget, others[i].user, others[i].host);
                ck_assert_msg(!memcmp(&anna, &other, sizeof(anna)) == others[i].same, "%s", others[i].user);
        }
        KeyedHash other = budget_account(foreign, "anna@example.org", "mail.example.org");
        ck_assert(memcmp(&anna, &other, sizeof(anna)));
        budget_free(budget);
        budget_free(foreign);
}
END_TEST

static KeyedHash numbered(const Budget *budget, size_t i) {
        char user[32];
        snprintf(user, sizeof(user), "user%zu", i);
        return budget_account(budget, user, "mail.example.org");
}

/* A thousand accounts: the text stays small, and who was refused is not forgotten for those who were not. */
START_TEST(many_accounts) {
        Play play;
        play_init(&play, "many");
        for (size_t i = 0; i < 3; i++) {
                ask(&play, false, "yes");
                settle(&play, BUDGET_REFUSED);
        }
        for (size_t i = 0; i < 1000; i++) {
                play.account = numbered(play.budget, i);
                play.now.boottime += 1000;
                play.now.realtime += 1000;
                ask(&play, false, "yes");
                settle(&play, BUDGET_OK);
        }
        char *text = budget_to_text(play.budget, &play.now);
        ck_assert_uint_lt(strlen(text), BUDGET_TEXT_MAX);
        free(text);
        play.account = budget_account(play.budget, "anna@example.org", "mail.example.org");
        ask(&play, false, "no-refused-30");
        budget_free(play.budget);
}
END_TEST

START_TEST(as_much_as_there_can_be) {
        Play play;
        play_init(&play, "full");
        play.now.boottime = INT64_C(99999999999999999);
        for (size_t i = 0; i < 3 * BUDGET_ACCOUNTS_MAX; i++) {
                play.account = numbered(play.budget, i / 3);
                ask(&play, true, "yes");
                play.end = 0;
                budget_pause(play.budget, &play.account, &play.now, 0);
        }
        char *text = budget_to_text(play.budget, &play.now);
        Budget *budget;
        ck_assert_uint_lt(strlen(text), BUDGET_TEXT_MAX);
        ck_assert_int_eq(budget_from_text(text, &play.now, &budget), 0);
        budget_free(budget);
        free(text);
        budget_free(play.budget);
}
END_TEST

/* ---- the text ---- */

static char *some_text(Play *play) {
        play_init(play, "text");
        ask(play, false, "yes");
        settle(play, BUDGET_REFUSED);
        ask(play, false, "yes");
        return budget_to_text(play->budget, &play->now);
}

START_TEST(no_name_is_written_down) {
        Play play;
        char *text = some_text(&play);
        ck_assert_ptr_null(strstr(text, "anna"));
        ck_assert_ptr_null(strstr(text, "example"));
        free(text);
        budget_free(play.budget);
}
END_TEST

/* Cut anywhere, or with any bit turned over, it is refused, and nothing comes of it. */
START_TEST(damaged_text) {
        Budget *budget = NULL;
        Play play;
        char *text = some_text(&play);
        size_t length = strlen(text);

        for (size_t i = 0; i < length; i++) {
                char kept = text[i];
                text[i] = '\0';
                ck_assert_int_eq(budget_from_text(text, &play.now, &budget), -EBADMSG);
                for (unsigned bit = 0; bit < 8; bit++) {
                        text[i] = (char) (kept ^ (1 << bit));
                        int r = budget_from_text(text, &play.now, &budget);
                        ck_assert_msg(r == -EBADMSG || (r == -EPROTONOSUPPORT && i == strlen("maildiag-logins ")),
                                      "byte %zu, bit %u: %d", i, bit, r);
                }
                text[i] = kept;
        }
        ck_assert_ptr_null(budget);
        free(text);
        budget_free(play.budget);
}
END_TEST

static void append_sum(char *text, size_t size) {
        KeyedHash key = { "a key of sixteen" }, hash = keyed_hash(&key, text, strlen(text));
        char sum[KEYED_HASH_TEXT_SIZE];
        size_t used = strlen(text);

        keyed_hash_to_text(&hash, sum);
        snprintf(text + used, size - used, "sum %s\n", sum);
}

#define HASH "00112233445566778899aabbccddeeff"
#define SAVED "saved " HASH " 1000 2000\n"

/* The sum is right, and what it stands under is not: the file was made by somebody. */
START_TEST(odd_text) {
        static const struct {
                const char *lines;
                int result;
        } texts[] = {
                { SAVED, 0 },
                { SAVED "account " HASH " 1 2 3\n", 0 },
                { SAVED "account " HASH " 1 2 3 4 5? 6\n", 0 },
                { SAVED "account " HASH " -1 2 -3 -4\n", 0 },
                { SAVED "account " HASH " 1 2 3 4 5 6 7\n", -EBADMSG },
                { SAVED "account " HASH " 1 2\n", -EBADMSG },
                { SAVED "account " HASH " 1 2 3 \n", -EBADMSG },
                { SAVED "account " HASH " 1 -2 3\n", -EBADMSG },
                { SAVED "account " HASH " 1 4294967296 3\n", -EBADMSG },
                { SAVED "account " HASH " 1234567890123456789 2 3\n", -EBADMSG },
                { SAVED "account " HASH " 1 2 3 4-\n", -EBADMSG },
                { SAVED "account " HASH " 1 2 3 ?\n", -EBADMSG },
                { SAVED "account " HASH " 0x1 2 3\n", -EBADMSG },
                { SAVED "account 1 2 3\n", -EBADMSG },
                { SAVED "account\n", -EBADMSG },
                { SAVED "gift 1\n", -EBADMSG },
                { SAVED SAVED, -EBADMSG },
                { SAVED "\n", -EBADMSG },
                { "", -EBADMSG },
                { "saved " HASH " 1000\n", -EBADMSG },
                { "saved " HASH " 1000 2000 3000\n", -EBADMSG },
                { "saved x 1000 2000\n", -EBADMSG },
        };
        const BudgetClock now = { .boottime = 5000 };
        Budget *budget;
        char text[1024];

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                snprintf(text, sizeof(text), "maildiag-logins 1\nkey 61206b6579206f66207369787465656e\n%s", texts[i].lines);
                append_sum(text, sizeof(text));
                int r = budget_from_text(text, &now, &budget);
                ck_assert_msg(r == texts[i].result, "%s: %d", texts[i].lines, r);
                if (r == 0)
                        budget_free(budget);
        }
}
END_TEST

START_TEST(other_texts) {
        static const struct {
                const char *text;
                int result;
        } texts[] = {
                { "", -EBADMSG },
                { "\n", -EBADMSG },
                { "maildiag-logins", -EBADMSG },
                { "maildiag-logins \n", -EBADMSG },
                { "maildiag-logins 1", -EBADMSG },
                { "maildiag-logins 1\n", -EBADMSG },
                { "maildiag-logins 0\n", -EBADMSG },
                { "maildiag-logins 2\n", -EPROTONOSUPPORT },
                { "maildiag-logins 17 and whatever comes then", -EPROTONOSUPPORT },
                { "\nsum \n", -EBADMSG },
                { "\nsum 00112233445566778899aabbccddeeff\n", -EBADMSG },
                { "[Journal]\nStorage=none\n", -EBADMSG },
        };
        const BudgetClock now = { .boottime = 5000 };
        Budget *budget;

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                ck_assert_int_eq(budget_from_text(texts[i].text, &now, &budget), texts[i].result);
}
END_TEST

/* ---- replies ---- */

START_TEST(stated_pauses) {
        static const struct {
                const char *reply;
                int seconds;
        } replies[] = {
                { "421 4.7.0 Too many login attempts, try again in 15 minutes", 900 },
                { "NO [LIMIT] Too many failures. Wait 300 seconds before the next one.", 300 },
                { "-ERR [LOGIN-DELAY] minimum time between mail checks (5 min)", 300 },
                { "454 4.7.0 Temporary authentication failure", 0 },
                { "535 5.7.8 limit: 20 per 24 hours exceeded, wait 1 hour", 3600 },
                { "retry in 90s", 90 },
                { "retry in 5 secs", 60 },
                { "retry-after:30min", 1800 },
                { "a 2-hour block", 7200 },
                { "5 mistakes", 0 },
                { "5 months", 0 },
                { "mx5 minutes", 0 },
                { "4.7.0 seconds", 0 },
                { "123456 minutes", 0 },
                { "0 minutes", 0 },
                { "", 0 },
                { "1", 0 },
        };
        for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
                ck_assert_msg(budget_stated_pause(replies[i].reply) == replies[i].seconds * (BUDGET_MINUTE / 60), "%s: %d",
                              replies[i].reply, (int) (budget_stated_pause(replies[i].reply) / (BUDGET_MINUTE / 60)));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("budget");
        TCase *tcase = tcase_create("budget");
        tcase_add_loop_test(tcase, story, 0, sizeof(stories) / sizeof(stories[0]));
        tcase_add_test(tcase, accounts);
        tcase_add_test(tcase, many_accounts);
        tcase_add_test(tcase, as_much_as_there_can_be);
        tcase_add_test(tcase, no_name_is_written_down);
        tcase_add_test(tcase, damaged_text);
        tcase_add_test(tcase, odd_text);
        tcase_add_test(tcase, other_texts);
        tcase_add_test(tcase, stated_pauses);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
