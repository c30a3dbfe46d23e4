/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tray as data: its menu, its icon, its words. */

#include <string.h>

#include "harness.h"
#include "menu.h"
#include "pixmap.h"
#include "watchlist.h"

static WatchList list;
static Memory *memory;

static void setup(void) {
        memory = memory_new(NULL);
}

static void teardown(void) {
        memory_free(memory);
        watch_list_done(&list);
}

static MenuScene scene(bool checking) {
        return (MenuScene) { .list = &list, .memory = memory, .now_usec = 1000, .checking = checking };
}

static void assert_menu(bool checking, const char *expected) {
        const MenuScene now = scene(checking);
        char seen[4096] = "";
        Menu menu;

        ck_assert_int_eq(menu_make(&now, &menu), 0);
        for (size_t i = 0; i < menu.n; i++)
                snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s%s\n", menu.list[i].label ? menu.list[i].label : "---",
                         menu.list[i].disabled ? " (off)" : "");
        ck_assert_str_eq(seen, expected);
        ck_assert(menu_equal(&menu, &menu));
        menu_done(&menu);
}

START_TEST(test_no_accounts) {
        assert_menu(false, "No mail accounts are known (off)\n---\n_Check all now (off)\n_Details… (off)\n_Mute for a day (off)\n---\n_Quit\n");
}
END_TEST

START_TEST(test_accounts) {
        put_account(&list, "user/a", "Home", "ok", NULL);
        put_account(&list, "user/b", "my_work", "error", PORT);
        put_account(&list, "user/c", "Club", "warning", FULL);
        put_account(&list, "user/d", "Old", "unknown", NULL);
        assert_menu(false, "my__work: cannot send mail\nClub: needs attention\nHome: works\nOld: not known\n"
                           "---\n_Check all now\n_Details…\n_Mute for a day\n---\n_Quit\n");
        for (size_t i = 0; i < list.n; i++)
                list.list[i]->muted_usec = 2000;
        assert_menu(true, "my__work: cannot send mail (muted)\nClub: needs attention (muted)\nHome: works (muted)\n"
                          "Old: not known (muted)\n---\n_Checking… (off)\n_Details…\nUn_mute\n---\n_Quit\n");
}
END_TEST

START_TEST(test_both_directions) {
        put_account(&list, "user/a", "Home", "error", PORT "," EXPIRED);
        put_account(&list, "user/b", "Work", "error", NULL);
        assert_menu(false, "Home: mail does not work\nWork: mail does not work\n"
                           "---\n_Check all now\n_Details…\n_Mute for a day\n---\n_Quit\n");
}
END_TEST

START_TEST(test_many) {
        const MenuScene now = scene(false);
        char key[16];
        Menu menu;

        for (unsigned i = 0; i < MENU_ACCOUNTS_MAX + 7; i++) {
                snprintf(key, sizeof(key), "user/%u", i);
                put_account(&list, key, key, i == 25 ? "error" : "ok", NULL);
        }
        ck_assert_int_eq(menu_make(&now, &menu), 0);
        ck_assert_str_eq(menu.list[0].label, "user/25: mail does not work");
        ck_assert_str_eq(menu.list[MENU_ACCOUNTS_MAX].label, "and 7 more");
        ck_assert(menu.list[MENU_ACCOUNTS_MAX].disabled);
        menu_done(&menu);
}
END_TEST

/* What was clicked is what was read, also when the menu has changed meanwhile. */
START_TEST(test_ids) {
        const MenuScene now = scene(false);
        unsigned serial;
        Menu menu;

        put_account(&list, "user/b", "B", "ok", NULL);
        ck_assert_int_eq(menu_make(&now, &menu), 0);
        int32_t id = menu.list[0].id;
        menu_done(&menu);
        put_account(&list, "user/a", "A", "error", NULL);
        ck_assert_int_eq(menu_action(id, &serial), MENU_ACCOUNT);
        ck_assert_str_eq(watch_list_by_serial(&list, serial)->key, "user/b");

        ck_assert_int_eq(menu_make(&now, &menu), 0);
        for (size_t i = 0; i < menu.n; i++) {
                ck_assert_int_gt(menu.list[i].id, 0);
                ck_assert_int_eq(menu_action(menu.list[i].id, &serial), menu.list[i].action);
                for (size_t k = 0; k < i; k++)
                        ck_assert_int_ne(menu.list[i].id, menu.list[k].id);
        }
        menu_done(&menu);
        ck_assert_int_eq(menu_action(-5, &serial), MENU_NOTHING);
        ck_assert_int_eq(menu_action(0, &serial), MENU_NOTHING);
        ck_assert_int_eq(menu_action(999, &serial), MENU_NOTHING);
}
END_TEST

static const struct {
        const char *a, *b;              /* statuses of two accounts; NULL: no such account */
        bool muted;                     /* the first */
        const char *status, *icon, *title;
} states[] = {
        { NULL, NULL, false, "Passive", "org.maildiag.Notifier-ok", "Mail: no accounts are known" },
        { "ok", "ok", false, "Passive", "org.maildiag.Notifier-ok", "Mail works" },
        { "ok", "info", false, "Passive", "org.maildiag.Notifier-ok", "Mail works" },
        { "unknown", "unknown", false, "Passive", "org.maildiag.Notifier-unknown", "Mail: not known" },
        { "unknown", "ok", false, "Passive", "org.maildiag.Notifier-ok", "Mail works" },
        { "warning", "ok", false, "Active", "org.maildiag.Notifier-warning", "Mail: 1 of 2 accounts needs attention" },
        { "warning", "error", false, "NeedsAttention", "org.maildiag.Notifier-error", "Mail: 1 of 2 accounts does not work" },
        { "error", "error", false, "NeedsAttention", "org.maildiag.Notifier-error", "Mail: 2 of 2 accounts do not work" },
        { "error", NULL, false, "NeedsAttention", "org.maildiag.Notifier-error", "Mail does not work" },
        { "warning", NULL, false, "Active", "org.maildiag.Notifier-warning", "Mail needs attention" },
        { "error", "ok", true, "Passive", "org.maildiag.Notifier-ok", "Mail works" },
        { "error", "warning", true, "Active", "org.maildiag.Notifier-warning", "Mail: 1 of 2 accounts needs attention" },
};

START_TEST(test_state) {
        const MenuScene now = scene(false);
        TrayState state;

        if (states[_i].a)
                put_account(&list, "user/a", "A", states[_i].a, NULL)->muted_usec = states[_i].muted ? 2000 : 0;
        if (states[_i].b)
                put_account(&list, "user/b", "B", states[_i].b, NULL);
        ck_assert_int_eq(tray_state_make(&now, &state), 0);
        ck_assert_str_eq(state.status, states[_i].status);
        ck_assert_str_eq(state.icon, states[_i].icon);
        ck_assert_str_eq(state.title, states[_i].title);
        ck_assert(tray_state_equal(&state, &state));
        tray_state_done(&state);
}
END_TEST

START_TEST(test_text) {
        const MenuScene now = scene(false);
        TrayState state;

        put_account(&list, "user/a", "Home", "ok", NULL);
        put_account(&list, "user/b", "Work", "error", PORT);
        ck_assert_int_eq(tray_state_make(&now, &state), 0);
        ck_assert_str_eq(state.text, "Work: cannot send mail\nHome: works");
        tray_state_done(&state);

        /* Some hosts read markup there. */
        put_account(&list, "user/b", "<b>M & S</b>", "error", PORT);
        ck_assert_int_eq(tray_state_make(&now, &state), 0);
        ck_assert_str_eq(state.text, "‹b›M + S‹/b›: cannot send mail\nHome: works");
        tray_state_done(&state);
}
END_TEST

/* ---- pictures ---- */

static const uint8_t *pixel(const uint8_t *pixels, int size, int x, int y) {
        return pixels + 4 * (y * size + x);
}

START_TEST(test_pixmap) {
        static const int sizes[] = { 16, 22, 44, PIXMAP_SIZE_MAX };
        static uint8_t pixels[WATCHED_ERROR + 1][4 * PIXMAP_SIZE_MAX * PIXMAP_SIZE_MAX];
        int size = sizes[_i];

        for (WatchedStatus status = WATCHED_UNKNOWN; status <= WATCHED_ERROR; status++) {
                pixmap_draw(status, size, pixels[status]);
                ck_assert_uint_eq(pixel(pixels[status], size, 0, 0)[0], 0);                     /* a corner is clear */
                ck_assert_uint_eq(pixel(pixels[status], size, size / 3, size / 4)[0], 255);     /* paper is not */
        }
        /* The sign is red for an error and green where all is well. */
        const uint8_t *bad = pixel(pixels[WATCHED_ERROR], size, size * 23 / 32, size * 29 / 32);
        const uint8_t *good = pixel(pixels[WATCHED_OK], size, size * 23 / 32, size * 29 / 32);
        ck_assert_uint_gt(bad[1], 2 * bad[2]);
        ck_assert_uint_gt(good[2], 2 * good[1]);
        for (WatchedStatus a = WATCHED_OK; a <= WATCHED_ERROR; a++)
                ck_assert_int_eq(memcmp(pixels[a], pixels[WATCHED_UNKNOWN], 4 * (size_t) (size * size)) == 0, false);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("menu");
        TCase *tcase = tcase_create("all");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_test(tcase, test_no_accounts);
        tcase_add_test(tcase, test_accounts);
        tcase_add_test(tcase, test_both_directions);
        tcase_add_test(tcase, test_many);
        tcase_add_test(tcase, test_ids);
        tcase_add_loop_test(tcase, test_state, 0, sizeof(states) / sizeof(states[0]));
        tcase_add_test(tcase, test_text);
        tcase_add_loop_test(tcase, test_pixmap, 0, 4);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
