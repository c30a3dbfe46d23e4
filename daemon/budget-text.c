/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The budget as text (sealed-text.h), a line for each thing:
 *
 *   saved BOOT BOOTTIME REALTIME
 *   account HASH DAY-BEGAN N PAUSED-UNTIL [AT | AT?]…          "?": its outcome was not known
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "budget-private.h"
#include "config.h"
#include "own.h"
#include "sealed-text.h"

#define MAGIC "maildiag-logins"
#define VERSION 1u

/* ---- writing ---- */

static void write_account(FILE *stream, const Account *account) {
        char hash[KEYED_HASH_TEXT_SIZE];

        keyed_hash_to_text(&account->hash, hash);
        fprintf(stream, "account %s %" PRId64 " %" PRIu32 " %" PRId64, hash, account->day_began, account->n_day,
                account->paused_until);
        for (size_t i = 0; i < account->n_refused; i++)
                fprintf(stream, " %" PRId64 "%s", account->refused[i].at, account->refused[i].undecided ? "?" : "");
        fputc('\n', stream);
}

static char *write_lines(const Budget *budget, const BudgetClock *now) {
        char *text = NULL;
        size_t size;
        FILE *stream = open_memstream(&text, &size);
        if (!stream)
                return NULL;

        fprintf(stream, "saved " SD_ID128_FORMAT_STR " %" PRId64 " %" PRId64 "\n", SD_ID128_FORMAT_VAL(now->boot),
                now->boottime, now->realtime);
        for (size_t i = 0; i < budget->n_accounts; i++)
                write_account(stream, &budget->accounts[i]);
        bool failed = ferror(stream);
        if (fclose(stream) == 0 && !failed)
                return text;
        free(text);
        return NULL;
}

char *budget_to_text(const Budget *budget, const BudgetClock *now) {
        _cleanup_free_ char *lines = write_lines(budget, now);
        return lines ? sealed_text_new(MAGIC, VERSION, &budget->key, lines) : NULL;
}

/* ---- reading ---- */

/* The word behind *rest, which goes on behind it; NULL: none. */
static char *next_word(char **rest) {
        return *rest ? strsep(rest, " ") : NULL;
}

static int read_number(char *word, int64_t *ret) {
        char *end;

        if (!word || !*word || strlen(word) > 18 || strspn(word, "-0123456789") != strlen(word))
                return -EBADMSG;
        *ret = strtoll(word, &end, 10);
        return *end ? -EBADMSG : 0;
}

static int read_hash(char **rest, KeyedHash *ret) {
        const char *word = next_word(rest);
        return word && keyed_hash_from_text(word, ret) >= 0 ? 0 : -EBADMSG;
}

static int read_refused(char *word, Account *account) {
        size_t length = strlen(word);
        bool undecided = length > 0 && word[length - 1] == '?';

        if (undecided)
                word[length - 1] = '\0';
        if (account->n_refused == BUDGET_REFUSED_MAX)
                return -EBADMSG;
        Login *login = &account->refused[account->n_refused++];
        login->undecided = undecided;
        return read_number(word, &login->at);
}

static int read_account(Budget *budget, char *rest) {
        Account account = { 0 };
        int64_t n_day = 0;
        char *word;

        int r = read_hash(&rest, &account.hash);
        if (r >= 0)
                r = read_number(next_word(&rest), &account.day_began);
        if (r >= 0)
                r = read_number(next_word(&rest), &n_day);
        if (r >= 0)
                r = read_number(next_word(&rest), &account.paused_until);
        while (r >= 0 && (word = next_word(&rest)))
                r = read_refused(word, &account);
        if (r < 0 || n_day < 0 || n_day > UINT32_MAX || budget->n_accounts == BUDGET_ACCOUNTS_MAX)
                return -EBADMSG;
        account.n_day = (uint32_t) n_day;
        budget->accounts[budget->n_accounts++] = account;
        return 0;
}

static int read_clock(char *rest, BudgetClock *ret) {
        const char *boot = next_word(&rest);

        if (!boot || sd_id128_from_string(boot, &ret->boot) < 0 || read_number(next_word(&rest), &ret->boottime) < 0 ||
            read_number(next_word(&rest), &ret->realtime) < 0 || rest)
                return -EBADMSG;
        return 0;
}

/* How much time passed across a start of the computer.  A clock that was wrong then, or goes backward, tells nothing: that
 * counts as none. */
static int64_t time_passed(const BudgetClock *then, const BudgetClock *now) {
        bool plausible = then->realtime >= MAILDIAG_RELEASE_TIME * INT64_C(1000000);
        return plausible && now->realtime > then->realtime ? now->realtime - then->realtime : 0;
}

/* From the clock of then to that of now. */
static void move_times(Budget *budget, const BudgetClock *then, const BudgetClock *now) {
        bool same_boot = sd_id128_equal(then->boot, now->boot);
        int64_t shift = same_boot ? 0 : now->boottime - then->boottime - time_passed(then, now);

        for (size_t i = 0; i < budget->n_accounts; i++) {
                Account *account = &budget->accounts[i];
                account->day_began += shift;
                account->paused_until += shift;
                for (size_t k = 0; k < account->n_refused; k++)
                        account->refused[k].at += shift;
        }
}

static int read_lines(char *rest, Budget *budget, BudgetClock *ret_then) {
        char *line = sealed_text_next(&rest, "saved");
        int r = line ? read_clock(line, ret_then) : -EBADMSG;
        while (r >= 0 && rest && *rest) {
                line = sealed_text_next(&rest, "account");
                r = line ? read_account(budget, line) : -EBADMSG;
        }
        return r;
}

int budget_from_text(const char *text, const BudgetClock *now, Budget **ret) {
        _cleanup_free_ char *lines = NULL;
        BudgetClock then;
        KeyedHash key;

        int r = sealed_text_open(text, MAGIC, VERSION, &key, &lines);
        if (r < 0)
                return r;
        Budget *budget = budget_new(&key);
        r = budget ? read_lines(lines, budget, &then) : -ENOMEM;
        if (r < 0) {
                budget_free(budget);
                return r;
        }
        move_times(budget, &then, now);
        *ret = budget;
        return 0;
}
