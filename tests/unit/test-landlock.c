/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Landlock under every ABI: which rights a layer takes away as a table, and, as far as the running kernel
 * goes, that they are gone. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "landlock.h"

/* Every ABI adds to the ones before; one that is newer than we know is as the newest that we know. */
static const struct {
        LandlockLayer layer;
        int abi;
        LandlockRights rights;
} rights[] = {
        { LANDLOCK_LAYER_WORKER, 0, { 0, 0, 0 } },
        { LANDLOCK_LAYER_WORKER, 1, { 0x1ff3, 0, 0 } },
        { LANDLOCK_LAYER_WORKER, 2, { 0x3ff3, 0, 0 } },
        { LANDLOCK_LAYER_WORKER, 3, { 0x7ff3, 0, 0 } },
        { LANDLOCK_LAYER_WORKER, 4, { 0x7ff3, 1, 0 } },
        { LANDLOCK_LAYER_WORKER, 5, { 0xfff3, 1, 0 } },
        { LANDLOCK_LAYER_WORKER, 6, { 0xfff3, 1, 3 } },
        { LANDLOCK_LAYER_WORKER, 99, { 0xfff3, 1, 3 } },
        { LANDLOCK_LAYER_DIALOGUE, 0, { 0, 0, 0 } },
        { LANDLOCK_LAYER_DIALOGUE, 1, { 0x1fff, 0, 0 } },
        { LANDLOCK_LAYER_DIALOGUE, 2, { 0x3fff, 0, 0 } },
        { LANDLOCK_LAYER_DIALOGUE, 3, { 0x7fff, 0, 0 } },
        { LANDLOCK_LAYER_DIALOGUE, 4, { 0x7fff, 3, 0 } },
        { LANDLOCK_LAYER_DIALOGUE, 5, { 0xffff, 3, 0 } },
        { LANDLOCK_LAYER_DIALOGUE, 6, { 0xffff, 3, 3 } },
        { LANDLOCK_LAYER_DIALOGUE, 99, { 0xffff, 3, 3 } },
};

START_TEST(table) {
        LandlockRights have = landlock_rights(rights[_i].layer, rights[_i].abi);
        ck_assert_uint_eq(have.files, rights[_i].rights.files);
        ck_assert_uint_eq(have.ports, rights[_i].rights.ports);
        ck_assert_uint_eq(have.scopes, rights[_i].rights.scopes);
}
END_TEST

/* ---- on this kernel ---- */

/* A port of loopback that somebody listens on. */
static uint16_t listen_somewhere(void) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t size = sizeof(address);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ck_assert_int_eq(bind(fd, (struct sockaddr *) &address, size), 0);
        ck_assert_int_eq(listen(fd, 8), 0);
        ck_assert_int_eq(getsockname(fd, (struct sockaddr *) &address, &size), 0);
        return ntohs(address.sin_port);
}

static int try_connect(uint16_t port) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                       .sin_port = htons(port) };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int r = connect(fd, (struct sockaddr *) &address, sizeof(address)) < 0 ? errno : 0;
        close(fd);
        return r;
}

static int try_bind(void) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int r = bind(fd, (struct sockaddr *) &address, sizeof(address)) < 0 ? errno : 0;
        close(fd);
        return r;
}

static int try_open(const char *path, int flags) {
        int fd = open(path, flags | O_CLOEXEC);
        int r = fd < 0 ? errno : 0;
        if (fd >= 0)
                close(fd);
        return r;
}

/* What is refused from which ABI on (0: never); and what was, by errno. */
typedef struct Tries {
        int read, granted, write, port, other_port, bind, kill;
} Tries;

static const Tries since[] = {
        [LANDLOCK_LAYER_WORKER] = { .write = 1, .bind = 4, .kill = 6 },
        [LANDLOCK_LAYER_DIALOGUE] = { .read = 1, .write = 1, .other_port = 4, .bind = 4, .kill = 6 },
};

static int expected(int since_abi, int abi, int error) {
        return since_abi && abi >= since_abi ? error : 0;
}

static const struct {
        LandlockLayer layer;
        int abi;
} live[] = {
        { LANDLOCK_LAYER_WORKER, 0 }, { LANDLOCK_LAYER_WORKER, 1 }, { LANDLOCK_LAYER_WORKER, 2 },
        { LANDLOCK_LAYER_WORKER, 3 }, { LANDLOCK_LAYER_WORKER, 4 }, { LANDLOCK_LAYER_WORKER, 5 },
        { LANDLOCK_LAYER_WORKER, 6 }, { LANDLOCK_LAYER_WORKER, 7 },
        { LANDLOCK_LAYER_DIALOGUE, 0 }, { LANDLOCK_LAYER_DIALOGUE, 1 }, { LANDLOCK_LAYER_DIALOGUE, 2 },
        { LANDLOCK_LAYER_DIALOGUE, 3 }, { LANDLOCK_LAYER_DIALOGUE, 4 }, { LANDLOCK_LAYER_DIALOGUE, 5 },
        { LANDLOCK_LAYER_DIALOGUE, 6 }, { LANDLOCK_LAYER_DIALOGUE, 7 },
};

/* In a child, since a layer is for ever. */
static Tries try_all(LandlockLayer layer, int abi, uint16_t port, uint16_t other_port) {
        Tries tries = { .read = -1 };
        const LandlockGrant grant = { .n_ports = 1, .ports = { port }, .n_paths = 3,
                                      .paths = { "/etc/group", "/usr/share", "/not/there" } };
        int fds[2];
        ck_assert_int_eq(pipe(fds), 0);
        pid_t pid = fork();
        if (pid == 0) {
                if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || landlock_enter(layer, abi, layer == LANDLOCK_LAYER_DIALOGUE ? &grant : NULL) < 0)
                        _exit(1);
                tries = (Tries) {
                        .read = try_open("/etc/passwd", O_RDONLY),
                        .granted = try_open("/etc/group", O_RDONLY) + try_open("/usr/share/doc", O_RDONLY | O_DIRECTORY),
                        .write = try_open("/dev/null", O_WRONLY),
                        .port = try_connect(port),
                        .other_port = try_connect(other_port),
                        .bind = try_bind(),
                        .kill = kill(getppid(), 0) < 0 ? errno : 0,
                };
                _exit(write(fds[1], &tries, sizeof(tries)) == sizeof(tries) ? 0 : 1);
        }
        close(fds[1]);
        ck_assert_int_eq(read(fds[0], &tries, sizeof(tries)), sizeof(tries));
        close(fds[0]);
        ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
        return tries;
}

START_TEST(on_this_kernel) {
        const Tries *from = &since[live[_i].layer];
        const int abi = live[_i].abi;

        if (abi > landlock_abi()) {
                printf("landlock: ABI %d skipped, this kernel has %d\n", abi, landlock_abi());
                return;
        }
        Tries tries = try_all(live[_i].layer, abi, listen_somewhere(), listen_somewhere());
        ck_assert_int_eq(tries.read, expected(from->read, abi, EACCES));
        ck_assert_int_eq(tries.granted, 0);
        ck_assert_int_eq(tries.write, expected(from->write, abi, EACCES));
        ck_assert_int_eq(tries.port, 0);
        ck_assert_int_eq(tries.other_port, expected(from->other_port, abi, EACCES));
        ck_assert_int_eq(tries.bind, expected(from->bind, abi, EACCES));
        ck_assert_int_eq(tries.kill, expected(from->kill, abi, EPERM));
}
END_TEST

/* A layer on a layer, as a probe has them; the worker can still end its probe. */
START_TEST(nested) {
        if (landlock_abi() < 6) {
                printf("landlock: nesting skipped, this kernel has ABI %d\n", landlock_abi());
                return;
        }
        int abi = landlock_abi();
        uint16_t port = listen_somewhere(), other_port = listen_somewhere();
        ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        ck_assert_int_eq(landlock_enter(LANDLOCK_LAYER_WORKER, abi, NULL), 0);
        ck_assert_int_eq(try_connect(other_port), 0);

        int fds[2];
        char verdict = 0;
        ck_assert_int_eq(pipe(fds), 0);
        pid_t pid = fork();
        if (pid == 0) {
                const LandlockGrant grant = { .n_ports = 1, .ports = { port } };
                bool good = landlock_enter(LANDLOCK_LAYER_DIALOGUE, abi, &grant) == 0 &&
                            try_connect(port) == 0 && try_connect(other_port) == EACCES &&
                            kill(getppid(), 0) < 0 && errno == EPERM;
                verdict = good ? 'y' : 'n';
                if (write(fds[1], &verdict, 1) == 1)
                        for (;;)
                                pause();
                _exit(1);
        }
        ck_assert_int_eq(read(fds[0], &verdict, 1), 1);
        ck_assert_int_eq(verdict, 'y');
        int status;
        ck_assert_int_eq(kill(pid, SIGKILL), 0);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert(WIFSIGNALED(status));
}
END_TEST

int main(void) {
        Suite *suite = suite_create("landlock");
        TCase *tcase = tcase_create("landlock");
        tcase_add_loop_test(tcase, table, 0, sizeof(rights) / sizeof(rights[0]));
        tcase_add_loop_test(tcase, on_this_kernel, 0, sizeof(live) / sizeof(live[0]));
        tcase_add_test(tcase, nested);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
