/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The floor: the same dialogues as the plugins speak, in one process, with nothing around them: no fork, no sandbox, no daemon,
 * no bus, no record, no check of what comes.  What maildiag costs more than this is the price of being careful.
 *
 *     floor PROTOCOL tls|starttls ADDRESS PORT NAME USER PASSWORD-FILE CA-FILE REPEAT
 *
 * connects to an IPv4 address, verifies NAME against the system's authorities and CA-FILE (loaded once), logs in with PLAIN,
 * unless USER is "-", and prints the milliseconds of wall clock and processor that one check took.
 */

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct Check {
        const char *name, *user;
        char password[256];
        char login[512];                /* base64 of "\0user\0password" */
        int fd;
        gnutls_session_t session;       /* NULL while in clear text */
        gnutls_certificate_credentials_t trust;
        char buffer[65536];
        size_t used;
} Check;

static void fail(const char *what) {
        fprintf(stderr, "floor: %s\n", what);
        exit(EXIT_FAILURE);
}

/* ---- bytes ---- */

static void say(Check *check, const char *text) {
        size_t length = strlen(text);
        ssize_t sent = check->session ? gnutls_record_send(check->session, text, length)
                                      : send(check->fd, text, length, MSG_NOSIGNAL);
        if (sent != (ssize_t) length)
                fail("cannot send");
}

static void fill(Check *check) {
        char *at = check->buffer + check->used;
        size_t room = sizeof(check->buffer) - check->used - 1;
        ssize_t got;
        if (check->session)
                while ((got = gnutls_record_recv(check->session, at, room)) == GNUTLS_E_AGAIN)
                        ;
        else
                got = recv(check->fd, at, room, 0);
        if (got <= 0)
                fail("the connection ended");
        setsockopt(check->fd, IPPROTO_TCP, TCP_QUICKACK, &(int) { 1 }, sizeof(int));
        check->used += got;
        check->buffer[check->used] = '\0';
}

/* Takes lines away up to one that begins with `prefix`. */
static void hear(Check *check, const char *prefix) {
        for (;;) {
                char *end = memchr(check->buffer, '\n', check->used);
                if (!end) {
                        fill(check);
                        continue;
                }
                bool found = !strncmp(check->buffer, prefix, strlen(prefix));
                if (!found && strchr("45-", check->buffer[0]) && check->buffer[0] != *prefix)
                        fail(check->buffer);
                check->used -= end + 1 - check->buffer;
                memmove(check->buffer, end + 1, check->used + 1);
                if (found)
                        return;
        }
}

/* ---- connection and TLS ---- */

static void open_connection(Check *check, const char *host, const char *port) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
        if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
                fail("not an address");
        check->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        check->used = 0;
        if (check->fd < 0 || connect(check->fd, (struct sockaddr *) &address, sizeof(address)) < 0)
                fail("cannot connect");
        setsockopt(check->fd, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof(int));
        setsockopt(check->fd, IPPROTO_TCP, TCP_QUICKACK, &(int) { 1 }, sizeof(int));
}

static void start_tls(Check *check) {
        gnutls_session_t session;
        gnutls_init(&session, GNUTLS_CLIENT);
        gnutls_set_default_priority(session);
        gnutls_server_name_set(session, GNUTLS_NAME_DNS, check->name, strlen(check->name));
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, check->trust);
        gnutls_session_set_verify_cert(session, check->name, 0);
        gnutls_transport_set_int(session, check->fd);
        int r;
        while ((r = gnutls_handshake(session)) < 0 && !gnutls_error_is_fatal(r))
                ;
        if (r < 0)
                fail(gnutls_strerror(r));
        check->session = session;
}

static void close_connection(Check *check) {
        if (check->session)
                gnutls_deinit(check->session);
        check->session = NULL;
        close(check->fd);
}

/* ---- the dialogues ---- */

static void sayf(Check *check, const char *format, const char *value) {
        char line[1024];
        snprintf(line, sizeof(line), format, value);
        say(check, line);
}

static void imap(Check *check, bool starttls) {
        if (!starttls)
                start_tls(check);
        hear(check, "* OK");
        if (starttls) {
                say(check, "a STARTTLS\r\n");
                hear(check, "a OK");
                start_tls(check);
                say(check, "b CAPABILITY\r\n");
                hear(check, "b OK");
        }
        sayf(check, "c ID (\"name\" \"floor\")\r\nd AUTHENTICATE PLAIN %s\r\n", check->login);
        hear(check, "d OK");
        say(check, "e NAMESPACE\r\nf LIST \"\" \"*\" RETURN (SPECIAL-USE)\r\ng EXAMINE INBOX\r\n"
                   "h GETQUOTAROOT INBOX\r\n");
        hear(check, "h OK");
        say(check, "i LOGOUT\r\n");
        hear(check, "i OK");
}

static void pop3(Check *check, bool starttls) {
        if (!starttls)
                start_tls(check);
        hear(check, "+OK");
        say(check, "CAPA\r\n");
        hear(check, ".");
        if (starttls) {
                say(check, "STLS\r\n");
                hear(check, "+OK");
                start_tls(check);
                say(check, "CAPA\r\n");
                hear(check, ".");
        }
        sayf(check, "AUTH PLAIN %s\r\n", check->login);
        hear(check, "+OK");
        say(check, "STAT\r\nUIDL\r\nUIDL\r\nQUIT\r\n");
        hear(check, "+OK");
        hear(check, ".");
        hear(check, ".");
        hear(check, "+OK");
}

static void smtp(Check *check, bool starttls) {
        if (!starttls)
                start_tls(check);
        hear(check, "220 ");
        say(check, "EHLO [127.0.0.1]\r\n");
        hear(check, "250 ");
        if (starttls) {
                say(check, "STARTTLS\r\n");
                hear(check, "220 ");
                start_tls(check);
                say(check, "EHLO [127.0.0.1]\r\n");
                hear(check, "250 ");
        }
        if (!strcmp(check->user, "-")) {
                say(check, "QUIT\r\n");
                hear(check, "221 ");
                return;
        }
        sayf(check, "AUTH PLAIN %s\r\n", check->login);
        hear(check, "235 ");
        sayf(check, "MAIL FROM:<%s>\r\n", check->user);
        sayf(check, "RCPT TO:<%s>\r\nRSET\r\nQUIT\r\n", check->user);
        for (int i = 0; i < 3; i++)
                hear(check, "250 ");
        hear(check, "221 ");
}

static const struct {
        const char *name;
        void (*run)(Check *check, bool starttls);
} dialogues[] = { { "imap", imap }, { "pop3", pop3 }, { "smtp", smtp } };

/* ---- measuring ---- */

static double wall(void) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double processor(void) {
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
               (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void read_secret(Check *check, const char *path) {
        FILE *file = fopen(path, "re");
        if (!file || !fgets(check->password, sizeof(check->password), file))
                fail("cannot read the password");
        fclose(file);
        check->password[strcspn(check->password, "\n")] = '\0';

        unsigned char plain[512];
        size_t size = 0, user = strlen(check->user), password = strlen(check->password);
        gnutls_datum_t out;
        plain[size++] = 0;
        memcpy(plain + size, check->user, user);
        plain[size += user] = 0;
        memcpy(plain + ++size, check->password, password);
        if (gnutls_base64_encode2(&(gnutls_datum_t) { plain, size + password }, &out) < 0)
                fail("out of memory");
        snprintf(check->login, sizeof(check->login), "%s", (const char *) out.data);
        gnutls_free(out.data);
}

int main(int argc, char **argv) {
        static Check check;
        void (*run)(Check *check, bool starttls) = NULL;
        if (argc != 10)
                fail("usage: floor PROTOCOL tls|starttls ADDRESS PORT NAME USER PASSWORD-FILE CA-FILE REPEAT");
        for (size_t i = 0; i < sizeof(dialogues) / sizeof(dialogues[0]); i++)
                if (!strcmp(dialogues[i].name, argv[1]))
                        run = dialogues[i].run;
        if (!run)
                fail("no such protocol");
        check.name = argv[5];
        check.user = argv[6];
        read_secret(&check, argv[7]);
        gnutls_certificate_allocate_credentials(&check.trust);
        gnutls_certificate_set_x509_system_trust(check.trust);
        if (gnutls_certificate_set_x509_trust_file(check.trust, argv[8], GNUTLS_X509_FMT_PEM) < 1)
                fail("cannot read the certificates");

        int repeat = atoi(argv[9]);
        double wall_before = wall(), processor_before = processor();
        for (int i = 0; i < repeat; i++) {
                open_connection(&check, argv[3], argv[4]);
                run(&check, !strcmp(argv[2], "starttls"));
                close_connection(&check);
        }
        printf("%.3f %.3f\n", (wall() - wall_before) / repeat, (processor() - processor_before) / repeat);
        return EXIT_SUCCESS;
}
