/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One script in one mode. */

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "certificates.h"
#include "run.h"
#include "verdict.h"

#define PROBE_TIMEOUT_MS 60000u

typedef struct Server {
        int listener, stop;
        pid_t pid;
        PlayReport *report;
} Server;

void case_name(const Case *run, char *ret, size_t size) {
        static const char *const modes[_MODE_MAX] = { "whole", "bytes", "cut" };
        char cut[16] = "";

        if (run->mode == MODE_CUT)
                snprintf(cut, sizeof(cut), "-%u", run->cut);
        snprintf(ret, size, "%s %s%s %s", run->script->name, modes[run->mode], cut,
                 md_security_to_string(run->security));
}

/* ---- the server ---- */

static int listen_somewhere(uint16_t *ret_port) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t size = sizeof(address);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        if (fd < 0 || bind(fd, (struct sockaddr *) &address, size) < 0 || listen(fd, 8) < 0 ||
            getsockname(fd, (struct sockaddr *) &address, &size) < 0)
                abort();
        *ret_port = ntohs(address.sin_port);
        return fd;
}

static void server_start(Server *server, const Play *play) {
        int stop[2];

        server->report =
                mmap(NULL, sizeof(PlayReport), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (server->report == MAP_FAILED || pipe2(stop, O_CLOEXEC) < 0)
                abort();
        server->pid = fork();
        if (server->pid < 0)
                abort();
        if (server->pid == 0) {
                close(stop[1]);
                player_run(play, server->listener, stop[0], server->report);
                _exit(EXIT_SUCCESS);
        }
        close(stop[0]);
        close(server->listener);
        server->stop = stop[1];
}

/* Returns the number of problems: a server that still waits for the client means a connection left open. */
static unsigned server_stop(Server *server, FILE *problems) {
        int status = 0;
        unsigned n = 0;

        close(server->stop);
        for (unsigned tries = 0; waitpid(server->pid, &status, WNOHANG) == 0; tries++) {
                if (tries == 500) {
                        fprintf(problems, "the server still waits: a connection was left open\n");
                        kill(server->pid, SIGKILL);
                        n++;
                }
                usleep(tries < 100 ? 1000 : 20000);
        }
        if (n == 0 && status != 0)
                n++, fprintf(problems, "the scripted server died: status %d\n", status);
        if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
                n++, fprintf(problems, "a child process is left\n");
        return n;
}

/* ---- the probe ---- */

static unsigned count_descriptors(void) {
        DIR *dir = opendir("/proc/self/fd");
        unsigned n = 0;

        while (dir && readdir(dir))
                n++;
        if (dir)
                closedir(dir);
        return n;
}

static int memory_file(const char *bytes, size_t size) {
        int fd = memfd_create("secret", MFD_CLOEXEC);
        if (fd < 0 || write(fd, bytes, size) != (ssize_t) size)
                abort();
        return fd;
}

static char **split_words(const char *text) {
        char **words = calloc(strlen(text) + 2, sizeof(char *)), *copy = strdup(text), *next = copy, *word;
        size_t n = 0;

        while ((word = strsep(&next, " ")))
                if (*word)
                        words[n++] = strdup(word);
        free(copy);
        return words;
}

static char *copy_of(const char *text) {
        return text ? strdup(text) : NULL;
}

static int run_probe(const Case *run, const Play *play, size_t secret_size, Witness *witness) {
        const Script *script = run->script;
        MdTarget target = {
                .plugin = strdup(script->plugin),
                .host = strdup(script->host),
                .connect_to = strdup("127.0.0.1"),
                .port = play->words.port,
                .security = run->security,
                .depth = script->depth,
                .username = copy_of(play->words.user),
                .address = copy_of(play->words.address),
                .mechanisms = script->mechanisms ? split_words(script->mechanisms) : NULL,
                .oauth_token = script->token,
                .allow_cleartext = script->allow_cleartext,
                .timeout_ms = PROBE_TIMEOUT_MS,
                .time_scale = script->scale,
        };
        int fds[_MD_TARGET_FD_MAX] = {
                [MD_TARGET_FD_RECORDS] = -1,
                [MD_TARGET_FD_SECRET] =
                        play->words.secret ? memory_file(play->words.secret, secret_size) : -1,
                [MD_TARGET_FD_CA] = certificates_ca_fd(),
                [MD_TARGET_FD_CERTIFICATE] = -1,
                [MD_TARGET_FD_KEY] = -1,
        };
        const MdRunHooks hooks = { .emit = witness_emit, .userdata = witness };

        int r = md_run(run->plugin, &target, fds, run->trust, &hooks);
        md_target_done(&target);
        return r;
}

/* ---- both ---- */

static void print_all(const PlayReport *report, const Witness *witness, FILE *file) {
        for (unsigned i = 0; i < report->n_connections; i++) {
                const Account *account = &report->accounts[i];
                fprintf(file, "--- connection %u\n%.*s", i + 1, (int) account->n_log, account->log);
        }
        fprintf(file, "--- records\n");
        for (size_t i = 0; i < witness->n_records; i++)
                witness_print(file, witness->records[i]);
}

static void write_produced(const Witness *witness, FILE *produced) {
        const MdRecord *record;

        for (size_t n = 0; (record = witness_finding(witness, MD_SEVERITY_OK, n)); n++)
                fprintf(produced, "%s\n", md_record_text(record, "code"));
}

static char *setting(const char *text, size_t *ret_size) {
        const char *reason;
        const Words none = { 0 };
        char *bytes = text ? expand(&none, text, ret_size, &reason) : NULL;

        if (text && !bytes)
                abort();
        return bytes;
}

unsigned case_run(const Case *run, FILE *problems, FILE *produced) {
        static Witness witness;
        size_t secret_size = 0, size;
        uint16_t port;
        Server server = { .listener = listen_somewhere(&port) };
        Play play = {
                .script = run->script,
                .security = run->security,
                .mode = run->mode,
                .cut = run->cut,
                .credentials = run->credentials,
                .words = {
                        .user = setting(run->script->user, &size),
                        .address = setting(run->script->address, &size),
                        .secret = setting(run->script->secret, &secret_size),
                        .host = run->script->host,
                        .client = "[127.0.0.1]",
                        .port = port,
                },
        };

        const char *settings[] = { play.words.user, play.words.address, play.words.secret };
        server_start(&server, &play);
        witness.plugin = run->plugin;
        unsigned n_descriptors = count_descriptors(), n = 0;
        int r = run_probe(run, &play, secret_size, &witness);
        if (r < 0)
                n++, fprintf(problems, "md_run() fails: %s\n", strerror(-r));
        if (count_descriptors() != n_descriptors)
                n++, fprintf(problems, "%u descriptors were open, %u are\n", n_descriptors,
                             count_descriptors());
        n += server_stop(&server, problems);
        n += verdict_judge(&play, &witness, server.report, problems);

        if (n > 0 || run->verbose)
                print_all(server.report, &witness, problems);
        if (n == 0 && produced && run->mode == MODE_WHOLE)
                write_produced(&witness, produced);
        witness_done(&witness);
        munmap(server.report, sizeof(PlayReport));
        for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
                free((char *) (uintptr_t) settings[i]);
        return n;
}
