/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When something is said: stories of accounts that break and recover, step by step. */

#include <string.h>

#include "harness.h"
#include "telling.h"
#include "watchlist.h"

#define HOUR (3600 * 1000000ull)
#define DAY (24 * HOUR)
#define START (1000 * DAY)

static WatchList list;
static Memory *memory;
static Telling telling;

static void setup(void) {
        memory = memory_new(NULL);
        telling = (Telling) { .now_usec = START, .instances = { { .known = true }, { .known = true } } };
}

static void teardown(void) {
        memory_free(memory);
        watch_list_done(&list);
}

/* The orders as "show KEY", "show KEY from PLACE", "note SUMMARY", "close KEY", with " | " between; what is shown is shown. */
static void assert_orders(const char *expected) {
        char seen[2048] = "";
        Orders orders;

        ck_assert_int_eq(telling_decide(&telling, &list, memory, &orders), 0);
        for (size_t i = 0; i < orders.n; i++) {
                const Order *order = &orders.list[i];
                char *end = seen + strlen(seen);
                size_t size = sizeof(seen) - strlen(seen);
                const char *gap = i > 0 ? " | " : "";
                if (order->kind == ORDER_CLOSE)
                        snprintf(end, size, "%sclose %s", gap, order->key);
                else if (order->kind == ORDER_NOTE)
                        snprintf(end, size, "%snote %s", gap, order->notice->summary);
                else
                        snprintf(end, size, "%sshow %s%s%s%s", gap, order->key, order->place ? " from " : "",
                                 order->place ? order->place : "", order->notice->urgency == NOTICE_CRITICAL ? "!" : "");
                if (order->kind == ORDER_SHOW)
                        telling_shown(memory, order->key, telling.now_usec);
        }
        ck_assert_str_eq(seen, expected);
        orders_done(&orders);
}

static void put(const char *key, const char *status, const char *findings) {
        put_account(&list, key, key, status, findings);
}

#define KEY_A "port.expects-starttls user/a smtp"

START_TEST(test_once) {
        put("user/a", "ok", NULL);
        assert_orders("");
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
        assert_orders("");
        telling.now_usec += 40 * DAY;
        assert_orders("");
        put("user/a", "ok", NULL);
        assert_orders("note user/a: mail works again");
        assert_orders("");
}
END_TEST

START_TEST(test_dismissed) {
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
        telling_closed(memory, KEY_A);
        assert_orders("");
        telling.now_usec += 3 * DAY;
        assert_orders("");
        put("user/a", "ok", NULL);
        assert_orders("note user/a: mail works again");
}
END_TEST

/* The text follows what is found; nothing is said twice. */
START_TEST(test_replaced) {
        put("user/a", "error", EXPIRED);
        assert_orders("show cert.expired imap.example.org");
        put("user/b", "error", EXPIRED);
        assert_orders("show cert.expired imap.example.org");
        put("user/a", "ok", NULL);
        assert_orders("show cert.expired imap.example.org");
        telling_closed(memory, "cert.expired imap.example.org");
        put("user/a", "error", EXPIRED);
        assert_orders("");
}
END_TEST

/* Another cause takes the place of the first. */
START_TEST(test_other_cause) {
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
        put("user/a", "error", REFUSED);
        assert_orders("show auth.refused user/a from " KEY_A);
        put("user/a", "error", REFUSED "," EXPIRED);
        assert_orders("show cert.expired imap.example.org");
        put("user/a", "error", REFUSED);
        assert_orders("close cert.expired imap.example.org");
}
END_TEST

START_TEST(test_critical_once_a_day) {
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
        put("user/a", "ok", NULL);
        assert_orders("note user/a: mail works again");
        telling.now_usec += HOUR;
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A);
        put("user/a", "ok", NULL);
        assert_orders("note user/a: mail works again");
        telling.now_usec += DAY;
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
}
END_TEST

/* Where the user can do nothing it is not critical; warnings of others are not told. */
START_TEST(test_urgency) {
        put("user/a", "error", BLOCKED("25"));
        put("user/b", "warning", FULL);
        put("user/c", "warning", OLD_TLS);
        assert_orders("show net.port-blocked 25 | show mailbox.nearly-full user/b imap");
        put("user/b", "ok", NULL);
        assert_orders("close mailbox.nearly-full user/b imap");
}
END_TEST

START_TEST(test_settling_and_offline) {
        telling.settling = true;
        put("user/a", "error", PORT);
        put("system/b", "error", CLOCK);
        assert_orders("");
        telling.settling = false;
        telling.instances[TELLING_USER].offline = true;
        assert_orders("show local.clock!");
        telling.instances[TELLING_USER].offline = false;
        assert_orders("show " KEY_A "!");
        /* While there is no network nothing is withdrawn either. */
        telling.instances[TELLING_USER].offline = true;
        put("user/a", "ok", NULL);
        assert_orders("");
        telling.instances[TELLING_USER].offline = false;
        assert_orders("note user/a: mail works again");
}
END_TEST

/* Not to be known is neither well nor ill. */
START_TEST(test_unknown) {
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
        watch_list_unknow(&list, false);
        assert_orders("");
        telling.instances[TELLING_USER].known = false;
        watch_list_done(&list);
        assert_orders("");
        telling.instances[TELLING_USER].known = true;
        assert_orders("close " KEY_A);
}
END_TEST

START_TEST(test_muted) {
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
        watch_list_by_key(&list, "user/a")->muted_usec = telling.now_usec + DAY;
        assert_orders("close " KEY_A);
        assert_orders("");
        telling.now_usec += DAY + 1;
        assert_orders("show " KEY_A "!");

        ck_assert_int_eq(memory_set_muted(memory, "user/a", telling.now_usec + HOUR), 0);
        assert_orders("close " KEY_A);
        put("user/a", "ok", NULL);
        assert_orders("");
}
END_TEST

START_TEST(test_muted_before) {
        put("user/a", "error", EXPIRED);
        put("user/b", "error", EXPIRED);
        watch_list_by_key(&list, "user/a")->muted_usec = telling.now_usec + DAY;
        watch_list_by_key(&list, "user/b")->muted_usec = telling.now_usec + DAY;
        assert_orders("");
        /* One who is not muted is told. */
        watch_list_by_key(&list, "user/b")->muted_usec = 0;
        assert_orders("show cert.expired imap.example.org");
}
END_TEST

START_TEST(test_removed) {
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
        watch_list_remove(&list, watch_list_by_key(&list, "user/a"));
        assert_orders("close " KEY_A);
        assert_orders("");
}
END_TEST

/* More than a handful are told in one, until one is left. */
START_TEST(test_many) {
        put("user/a", "error", PORT);
        put("user/b", "error", PORT);
        put("user/c", "error", PORT);
        assert_orders("show " KEY_A "! | show port.expects-starttls user/b smtp! | show port.expects-starttls user/c smtp!");
        put("user/d", "error", PORT);
        assert_orders("show many from port.expects-starttls user/c smtp | close port.expects-starttls user/b smtp | close " KEY_A);
        put("user/d", "ok", NULL);
        assert_orders("show many");
        put("user/c", "ok", NULL);
        assert_orders("show many");
        put("user/b", "ok", NULL);
        assert_orders("show " KEY_A " from many");
        put("user/a", "ok", NULL);
        assert_orders("note user/a: mail works again");
}
END_TEST

START_TEST(test_shared_recovery) {
        put("user/a", "error", EXPIRED);
        put("user/b", "error", EXPIRED);
        assert_orders("show cert.expired imap.example.org");
        put("user/a", "ok", NULL);
        put("user/b", "warning", OLD_TLS);
        assert_orders("note 2 accounts: mail works again");
}
END_TEST

/* After a login: what was told yesterday is told again, what was told an hour ago is not. */
START_TEST(test_next_session) {
        static const struct {
                uint64_t later;
                const char *expected;
        } logins[] = {
                { HOUR, "" },
                { DAY - 1, "" },
                { DAY, "show " KEY_A "!" },
        };
        Told *told = memory_add(memory, KEY_A);
        told->told_usec = START;
        json_array_append_new(told->accounts, json_string("user/a"));
        put("user/a", "error", PORT);
        telling.now_usec = START + logins[_i].later;
        assert_orders(logins[_i].expected);
}
END_TEST

/* The clock was set back: what was told lies in the future. */
START_TEST(test_clock) {
        Told *told = memory_add(memory, KEY_A);
        told->told_usec = START + 400 * DAY;
        json_array_append_new(told->accounts, json_string("user/a"));
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
}
END_TEST

START_TEST(test_not_shown) {
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A "!");
        telling_failed(memory, KEY_A);
        assert_orders("show " KEY_A "!");
        telling_failed(memory, "something else");
}
END_TEST

/* Whoever asked gets an answer. */
START_TEST(test_asked) {
        const char *const one[] = { "user/a" }, *const both[] = { "user/a", "user/b" };

        put("user/a", "error", PORT);
        put("user/b", "ok", NULL);
        assert_orders("show " KEY_A "!");
        telling_closed(memory, KEY_A);
        telling.asked = one;
        telling.n_asked = 1;
        assert_orders("show " KEY_A);
        put("user/a", "ok", NULL);
        assert_orders("note user/a: mail works again");
        assert_orders("note user/a: mail works");
        telling.asked = both;
        telling.n_asked = 2;
        assert_orders("note 2 accounts: mail works");
        put("user/b", "unknown", NULL);
        assert_orders("note 2 accounts: could not be checked");

        /* Also at once after the login, and without a network. */
        telling.settling = true;
        put("user/a", "error", PORT);
        assert_orders("show " KEY_A);
        telling.settling = false;
        telling.instances[TELLING_USER].offline = true;
        put("user/a", "ok", NULL);
        assert_orders("note user/a: mail works again");
}
END_TEST

int main(void) {
        Suite *suite = suite_create("telling");
        TCase *tcase = tcase_create("all");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, test_once);
        tcase_add_test(tcase, test_dismissed);
        tcase_add_test(tcase, test_replaced);
        tcase_add_test(tcase, test_other_cause);
        tcase_add_test(tcase, test_critical_once_a_day);
        tcase_add_test(tcase, test_urgency);
        tcase_add_test(tcase, test_settling_and_offline);
        tcase_add_test(tcase, test_unknown);
        tcase_add_test(tcase, test_muted);
        tcase_add_test(tcase, test_muted_before);
        tcase_add_test(tcase, test_removed);
        tcase_add_test(tcase, test_many);
        tcase_add_test(tcase, test_shared_recovery);
        tcase_add_loop_test(tcase, test_next_session, 0, 3);
        tcase_add_test(tcase, test_clock);
        tcase_add_test(tcase, test_not_shown);
        tcase_add_test(tcase, test_asked);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
