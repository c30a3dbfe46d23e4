/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* SCRAM against the server side of GNU SASL, honest and not. */

#include <check.h>
#include <errno.h>
#include <gsasl.h>
#include <maildiag/sasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "fake-probe.h"
#include "harness.h"

/* What a dishonest server does with its message number `n` (0: the first). */
typedef void (*Twist)(char *message, size_t size, unsigned n);

typedef struct Server {
        Gsasl *library;
        Gsasl_session *session;
        Twist twist;
        bool final_with_success, skip_final;
        unsigned n_messages;
        char text[2048];
} Server;

static int callback(Gsasl *library, Gsasl_session *session, Gsasl_property property) {
        switch (property) {
        case GSASL_PASSWORD:
                return gsasl_property_set(session, property, "pencil");
        case GSASL_SCRAM_ITER:
                return gsasl_property_set(session, property, "4096");
        case GSASL_SCRAM_SALT:
                return gsasl_property_set(session, property, "QSXCR+Q6sek8bf92");
        case GSASL_CB_TLS_UNIQUE:
        case GSASL_CB_TLS_EXPORTER:
                return gsasl_property_set(session, property, "AGZpbmlz");
        default:
                return GSASL_NO_CALLBACK;
        }
}

static Server *server_new(const char *mechanism) {
        Server *server = calloc(1, sizeof(*server));
        ck_assert_int_eq(gsasl_init(&server->library), GSASL_OK);
        gsasl_callback_set(server->library, callback);
        ck_assert_int_eq(gsasl_server_start(server->library, mechanism, &server->session), GSASL_OK);
        return server;
}

static void server_free(Server *server) {
        gsasl_finish(server->session);
        gsasl_done(server->library);
        free(server);
}

static int begin(MdProbe *probe, void *state, const char *mechanism, char *ret, size_t size) {
        snprintf(ret, size, "AUTH %s", mechanism);
        return 0;
}

/* The base64 of a line of the client: what follows the mechanism, or all of it. */
static const char *response_of(const char *line) {
        const char *response = strncmp(line, "AUTH ", 5) ? line : strchr(line + 5, ' ');
        return response && *response == ' ' ? response + 1 : response;
}

static int read_reply(MdProbe *probe, void *state, MdSaslReply *ret) {
        Server *server = state;
        const char *line = fake_probe_take(probe);
        ck_assert_ptr_nonnull(line);
        if (!strcmp(line, "*")) {
                *ret = (MdSaslReply) { MD_SASL_REFUSED, "cancelled" };
                return 0;
        }
        if (!*response_of(line) && server->n_messages > 0) {
                *ret = (MdSaslReply) { MD_SASL_ACCEPTED, NULL };
                return 0;
        }

        char *output, message[1024];
        size_t length;
        char input[2048];
        ck_assert_int_eq(md_base64_decode(response_of(line), input, sizeof(input), &length), 0);
        int r = gsasl_step(server->session, input, length, &output, &length);
        if (r != GSASL_OK && r != GSASL_NEEDS_MORE) {
                *ret = (MdSaslReply) { MD_SASL_REFUSED, "wrong" };
                return 0;
        }
        snprintf(message, sizeof(message), "%.*s", (int) length, output);
        gsasl_free(output);
        if (server->twist)
                server->twist(message, sizeof(message), server->n_messages);
        server->n_messages++;
        MdPart part = { message, strlen(message) };
        md_base64_encode(&part, 1, server->text);
        bool with_success = server->n_messages == 2 && (server->final_with_success || server->skip_final);
        *ret = (MdSaslReply) { MD_SASL_CONTINUE, server->text };
        if (with_success)
                *ret = (MdSaslReply) { MD_SASL_ACCEPTED, server->skip_final ? NULL : server->text };
        return 0;
}

static void refused(MdProbe *probe, void *state) {
        md_find(probe, "auth.rejected", "wrong");
}

static const MdSaslProfile profile = {
        .initial_response = true, .begin = begin, .read = read_reply, .refused = refused,
};

/* ---- honest ---- */

static const struct {
        const char *mechanism, *binding, *secret;
        int result;
} honest[] = {
        { "SCRAM-SHA-1", NULL, "pencil", MD_NEXT },
        { "SCRAM-SHA-256", NULL, "pencil", MD_NEXT },
        { "SCRAM-SHA-256", "tls-exporter", "pencil", MD_NEXT },
        { "SCRAM-SHA-1-PLUS", "tls-unique", "pencil", MD_NEXT },
        { "SCRAM-SHA-256-PLUS", "tls-unique", "pencil", MD_NEXT },
        { "SCRAM-SHA-256-PLUS", "tls-exporter", "pencil", MD_NEXT },
        { "SCRAM-SHA-256", NULL, "pencils", MD_DONE },
};

START_TEST(logs_in) {
        for (int with_success = 0; with_success < 2; with_success++) {
                const char *const offered[] = { honest[_i].mechanism, NULL };
                Server *server = server_new(honest[_i].mechanism);
                server->final_with_success = with_success;
                MdProbe *probe = fake_probe_new("us,er=", honest[_i].secret);
                fake_probe_set_binding(probe, honest[_i].binding);
                ck_assert_int_eq(md_sasl_login(probe, &profile, server, offered), honest[_i].result);
                ck_assert_int_eq(md_probe_is_logged_in(probe), honest[_i].result == MD_NEXT);
                ck_assert_int_eq(md_found(probe, NULL), honest[_i].result != MD_NEXT);
                ck_assert_ptr_null(strstr(fake_probe_shown(probe), "bixzPX"));
                fake_probe_free(probe);
                server_free(server);
        }
}
END_TEST

START_TEST(binding_needs_tls) {
        const char *const offered[] = { "SCRAM-SHA-256-PLUS", NULL };
        MdProbe *probe = fake_probe_new("user", "pencil");
        ck_assert_int_eq(md_sasl_login(probe, &profile, NULL, offered), MD_DONE);
        ck_assert(md_found(probe, "auth.no-common-mechanism"));
        fake_probe_free(probe);
}
END_TEST

/* ---- not honest ---- */

static void replace(char *message, size_t size, const char *from, const char *to) {
        char *at = strstr(message, from), rest[1024];
        ck_assert_ptr_nonnull(at);
        snprintf(rest, sizeof(rest), "%s", at + strlen(from));
        snprintf(at, size - (size_t) (at - message), "%s%s", to, rest);
}

static void few_rounds(char *message, size_t size, unsigned n) {
        if (n == 0)
                replace(message, size, "i=4096", "i=1");
}

static void many_rounds(char *message, size_t size, unsigned n) {
        if (n == 0)
                replace(message, size, "i=4096", "i=2147483647");
}

static void stale_nonce(char *message, size_t size, unsigned n) {
        if (n == 0)
                replace(message, size, "r=", "r=x");
}

static void wrong_signature(char *message, size_t size, unsigned n) {
        if (n == 1)
                message[2] = message[2] == 'A' ? 'B' : 'A';
}

static void missing_signature(char *message, size_t size, unsigned n) {
        if (n == 1)
                replace(message, size, "v=", "x=");
}

static void empty_signature(char *message, size_t size, unsigned n) {
        if (n == 1)
                *message = '\0';
}

static void no_sense(char *message, size_t size, unsigned n) {
        if (n == 0)
                replace(message, size, ",i=", ",j=");
}

static void claims_an_error(char *message, size_t size, unsigned n) {
        if (n == 1)
                snprintf(message, size, "e=other-error");
}

static const struct {
        Twist twist;
        bool skip_final, proof_sent;
        const char *finding, *what;
} dishonest[] = {
        { few_rounds, false, false, "auth.scram-unsafe", "it asks for too few rounds of hashing" },
        { many_rounds, false, false, "auth.scram-unsafe", "it asks for too many rounds of hashing" },
        { stale_nonce, false, false, "auth.scram-unsafe", "its nonce does not continue ours" },
        { no_sense, false, false, "auth.bad-challenge", "" },
        { wrong_signature, false, true, "auth.scram-unsafe", "it cannot prove that it knows the password" },
        { missing_signature, false, true, "auth.scram-unsafe", "it cannot prove that it knows the password" },
        { empty_signature, false, true, "auth.scram-unsafe", "it cannot prove that it knows the password" },
        { NULL, true, true, "auth.scram-unsafe",
          "it accepts the login without a proof that it knows the password" },
        { claims_an_error, false, true, "auth.scram-unsafe",
          "it accepts the login without a proof that it knows the password" },
};

START_TEST(is_caught) {
        const char *const offered[] = { "SCRAM-SHA-256", NULL };
        Server *server = server_new("SCRAM-SHA-256");
        server->twist = dishonest[_i].twist;
        server->skip_final = dishonest[_i].skip_final;
        MdProbe *probe = fake_probe_new("user", "pencil");
        ck_assert_int_eq(md_sasl_login(probe, &profile, server, offered), -EPROTO);
        ck_assert(!md_probe_is_logged_in(probe));
        ck_assert(md_found(probe, dishonest[_i].finding));
        ck_assert_str_eq(fake_probe_param(probe, dishonest[_i].finding, "what"), dishonest[_i].what);
        ck_assert_int_eq(server->n_messages > 1, dishonest[_i].proof_sent);
        fake_probe_free(probe);
        server_free(server);
}
END_TEST

/* A password that SASLprep cannot take is sent by other means. */
START_TEST(unprepared) {
        const char *const offered[] = { "SCRAM-SHA-256", NULL };
        MdProbe *probe = fake_probe_new("user", "pass\xff");
        ck_assert(!md_sasl_is_possible(probe, offered));
        ck_assert(md_sasl_is_possible(probe, (const char *const[]) { "SCRAM-SHA-256", "PLAIN", NULL }));
        fake_probe_free(probe);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("sasl-session");
        TCase *tcase = tcase_create("scram");
        tcase_add_loop_test(tcase, logs_in, 0, sizeof(honest) / sizeof(honest[0]));
        tcase_add_test(tcase, binding_needs_tls);
        tcase_add_loop_test(tcase, is_caught, 0, sizeof(dishonest) / sizeof(dishonest[0]));
        tcase_add_test(tcase, unprepared);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
