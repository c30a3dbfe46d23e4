/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The worker's sign of life: what the environment asks for, and what the manager hears. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "watchdog.h"

#define OWN_PID "own"

/* What the environment says, and the interval that follows. */
static const struct {
        const char *socket, *usec, *pid;
        uint64_t interval_ms;
} environments[] = {
        { NULL, NULL, NULL, 0 },
        { "/run/notify", NULL, NULL, 0 },
        { NULL, "60000000", NULL, 0 },
        { "/run/notify", "60000000", NULL, 30000 },
        { "/run/notify", "60000000", OWN_PID, 30000 },
        { "/run/notify", "60000000", "1", 0 },
        { "@notify", "2000000", NULL, 1000 },
        { "notify", "2000000", NULL, 0 },
        { "", "2000000", NULL, 0 },
        { "/", "2000000", NULL, 0 },
        { "/run/notify", "", NULL, 0 },
        { "/run/notify", "0", NULL, 0 },
        { "/run/notify", "-1", NULL, 0 },
        { "/run/notify", " 2000000", NULL, 0 },
        { "/run/notify", "2000000s", NULL, 0 },
        { "/run/notify", "99999999999999999999", NULL, 0 },
        { "/run/notify", "86400000001", NULL, 0 },
};

static void set(const char *name, const char *value) {
        if (value)
                setenv(name, value, 1);
        else
                unsetenv(name);
}

static void learn(const char *socket, const char *usec, const char *pid, Watchdog *ret) {
        char own[16];

        snprintf(own, sizeof(own), "%d", getpid());
        set("NOTIFY_SOCKET", socket);
        set("WATCHDOG_USEC", usec);
        set("WATCHDOG_PID", pid && !strcmp(pid, OWN_PID) ? own : pid);
        watchdog_learn(ret);
}

START_TEST(environment) {
        Watchdog watchdog;

        learn(environments[_i].socket, environments[_i].usec, environments[_i].pid, &watchdog);
        ck_assert_uint_eq(watchdog.interval_ms, environments[_i].interval_ms);
        ck_assert_int_eq(watchdog_wait_ms(&watchdog), watchdog.interval_ms ? 0 : -1);
}
END_TEST

START_TEST(path_too_long) {
        char path[sizeof(((struct sockaddr_un *) NULL)->sun_path) + 1];
        Watchdog watchdog;

        memset(path, 'x', sizeof(path) - 1);
        path[0] = '/';
        path[sizeof(path) - 1] = '\0';
        learn(path, "2000000", NULL, &watchdog);
        ck_assert_uint_eq(watchdog.interval_ms, 0);
}
END_TEST

/* An abstract name leaves nothing behind. */
static int manager_listen(char *name, size_t size) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        snprintf(name, size, "@maildiag-test-watchdog-%d", getpid());
        memcpy(address.sun_path, name, strlen(name));
        address.sun_path[0] = '\0';
        ck_assert_int_eq(bind(fd, (struct sockaddr *) &address, offsetof(struct sockaddr_un, sun_path) + strlen(name)), 0);
        return fd;
}

START_TEST(sign) {
        char name[64], heard[64];
        int manager = manager_listen(name, sizeof(name));
        Watchdog watchdog;

        learn(name, "60000000", NULL, &watchdog);
        ck_assert_int_eq(watchdog_open(&watchdog), 0);
        watchdog_tell(&watchdog);
        ssize_t n = recv(manager, heard, sizeof(heard), MSG_DONTWAIT);
        ck_assert_int_eq(n, 10);
        ck_assert_mem_eq(heard, "WATCHDOG=1", 10);

        /* The next one is due later. */
        ck_assert_int_gt(watchdog_wait_ms(&watchdog), 0);
        watchdog_tell(&watchdog);
        ck_assert_int_eq(recv(manager, heard, sizeof(heard), MSG_DONTWAIT), -1);
        close(watchdog.socket);
        close(manager);
}
END_TEST

START_TEST(nobody_listens) {
        Watchdog watchdog;

        learn("/nowhere/notify", "60000000", NULL, &watchdog);
        ck_assert_int_eq(watchdog_open(&watchdog), -ENOENT);
        close(watchdog.socket);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("watchdog");
        TCase *tcase = tcase_create("watchdog");
        tcase_add_loop_test(tcase, environment, 0, sizeof(environments) / sizeof(environments[0]));
        tcase_add_test(tcase, path_too_long);
        tcase_add_test(tcase, sign);
        tcase_add_test(tcase, nobody_listens);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
