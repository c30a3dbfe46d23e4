/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Login against a scripted server: what is sent, what is shown, and what is found for every answer. */

#include <check.h>
#include <errno.h>
#include <maildiag/sasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake-probe.h"
#include "harness.h"

#define LIST(...) { __VA_ARGS__, NULL }

/* ---- a protocol that frames SASL like SMTP, or like ManageSieve ---- */

/* The server's part: "+ challenge", "OK", "OK final", "NO text", "!ETIMEDOUT". */
typedef struct Script {
        const char *const *replies;
        char client[4096];              /* the lines of the client, each ended with "|" */
        bool refused;
} Script;

static int begin(MdProbe *probe, void *state, const char *mechanism, char *ret, size_t size) {
        snprintf(ret, size, "AUTH %s", mechanism);
        return 0;
}

static int begin_quoted(MdProbe *probe, void *state, const char *mechanism, char *ret, size_t size) {
        snprintf(ret, size, "AUTHENTICATE \"%s\"", mechanism);
        return 0;
}

static int error_of(const char *name) {
        static const struct {
                const char *name;
                int error;
        } errors[] = {
                { "ETIMEDOUT", ETIMEDOUT }, { "ETIME", ETIME }, { "ENODATA", ENODATA },
                { "ECONNRESET", ECONNRESET },
                { "EMSGSIZE", EMSGSIZE }, { "EBADMSG", EBADMSG },
        };
        for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
                if (!strcmp(errors[i].name, name))
                        return -errors[i].error;
        ck_abort_msg("unknown error %s", name);
}

static int read_reply(MdProbe *probe, void *state, MdSaslReply *ret) {
        Script *script = state;
        for (const char *line; (line = fake_probe_take(probe));) {
                ck_assert_uint_lt(strlen(script->client) + strlen(line) + 2, sizeof(script->client));
                strcat(strcat(script->client, line), "|");
        }
        const char *reply = *script->replies;
        ck_assert_msg(reply != NULL, "the client waits for more than the script says: %s", script->client);
        script->replies++;
        if (*reply == '!')
                return error_of(reply + 1);
        ret->outcome = *reply == '+' ? MD_SASL_CONTINUE : *reply == 'O' ? MD_SASL_ACCEPTED : MD_SASL_REFUSED;
        ret->text = *reply == '+' ? reply + 2 : reply[2] ? reply + 3 : NULL;
        return 0;
}

static int read_only(MdProbe *probe, void *state, MdSaslReply *ret) {
        return -ETIMEDOUT;
}

static void refused(MdProbe *probe, void *state) {
        ((Script *) state)->refused = true;
}

/* 3 bytes of a secret, 4 of base64; so often that with the user name a quoted string is full. */
#define TEN(x) x x x x x x x x x x
#define QUOTED_FULL(x) TEN(TEN(x)) TEN(TEN(x)) TEN(x) TEN(x) TEN(x) TEN(x) TEN(x) x x x x

static const struct Case {
        const char *what;
        const char *username, *secret;
        const char *offered[6], *allowed[3];
        bool token, certificate, quoted, no_initial;
        size_t command_max;
        const char *replies[12];
        const char *client, *shown;
        int result;
        const char *finding, *param, *value;
        bool proof_refused;
} cases[] = {
        {
                .what = "PLAIN with initial response", .username = "user", .secret = "pencil",
                .offered = LIST("LOGIN", "PLAIN"), .replies = LIST("OK"),
                .client = "AUTH PLAIN AHVzZXIAcGVuY2ls|", .shown = "AUTH PLAIN ***\n", .result = MD_NEXT,
        },
        {
                .what = "PLAIN without", .username = "user", .secret = "pencil", .no_initial = true,
                .offered = LIST("PLAIN"), .replies = LIST("+ ", "OK"),
                .client = "AUTH PLAIN|AHVzZXIAcGVuY2ls|", .shown = "AUTH PLAIN\n***\n", .result = MD_NEXT,
        },
        {
                .what = "the longest command that may be", .username = "user", .secret = "pencil",
                .command_max = 29,
                .offered = LIST("PLAIN"), .replies = LIST("OK"),
                .client = "AUTH PLAIN AHVzZXIAcGVuY2ls|", .shown = "AUTH PLAIN ***\n", .result = MD_NEXT,
        },
        {
                .what = "one byte longer", .username = "user", .secret = "pencil", .command_max = 28,
                .offered = LIST("PLAIN"), .replies = LIST("+ ", "OK"),
                .client = "AUTH PLAIN|AHVzZXIAcGVuY2ls|", .shown = "AUTH PLAIN\n***\n", .result = MD_NEXT,
        },
        {
                .what = "accepted before the long response was sent", .username = "user", .secret = "pencil",
                .command_max = 28, .offered = LIST("PLAIN"), .replies = LIST("OK"),
                .client = "AUTH PLAIN|", .result = -EPROTO, .finding = "security.unsolicited-reply",
        },
        {
                .what = "a password with everything in it", .username = "user", .secret = " \"\\%&\xc3\xbc ",
                .offered = LIST("PLAIN"), .replies = LIST("OK"),
                .client = "AUTH PLAIN AHVzZXIAICJcJSbDvCA=|", .result = MD_NEXT,
        },
        {
                .what = "a quoted protocol", .username = "user", .secret = "pencil", .quoted = true,
                .offered = LIST("PLAIN"), .replies = LIST("OK"),
                .client = "AUTHENTICATE \"PLAIN\" \"AHVzZXIAcGVuY2ls\"|", .result = MD_NEXT,
        },
        {
                .what = "the longest quoted string", .username = "user", .secret = QUOTED_FULL("aaa"), .quoted = true,
                .offered = LIST("PLAIN"), .replies = LIST("OK"),
                .client = "AUTHENTICATE \"PLAIN\" \"AHVzZXIA" QUOTED_FULL("YWFh") "\"|", .result = MD_NEXT,
        },
        {
                .what = "a literal above that", .username = "user", .secret = QUOTED_FULL("aaa") "aaa", .quoted = true,
                .offered = LIST("PLAIN"), .replies = LIST("OK"),
                .client = "AUTHENTICATE \"PLAIN\" {1028+}|AHVzZXIA" QUOTED_FULL("YWFh") "YWFh|",
                .shown = "AUTHENTICATE \"PLAIN\" {1028+}\n***\n", .result = MD_NEXT,
        },
        {
                .what = "LOGIN", .username = "user", .secret = "pencil",
                .offered = LIST("LOGIN"), .replies = LIST("+ VXNlcm5hbWU6", "+ UGFzc3dvcmQ6", "OK"),
                .client = "AUTH LOGIN|dXNlcg==|cGVuY2ls|", .shown = "AUTH LOGIN\n***\n***\n",
                .result = MD_NEXT,
        },
        {
                .what = "LOGIN accepted after the user name", .username = "user", .secret = "pencil",
                .offered = LIST("LOGIN"), .replies = LIST("+ VXNlcm5hbWU6", "OK"),
                .client = "AUTH LOGIN|dXNlcg==|", .result = -EPROTO, .finding = "security.unsolicited-reply",
        },
        {
                .what = "CRAM-MD5 by name (RFC 2195)", .username = "tim", .secret = "tanstaaftanstaaf",
                .offered = LIST("CRAM-MD5", "PLAIN"), .allowed = LIST("CRAM-MD5"),
                .replies = LIST("+ PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+", "OK"),
                .client = "AUTH CRAM-MD5|dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw|",
                .result = MD_NEXT,
        },
        {
                .what = "CRAM-MD5 with a challenge of the server's own making", .username = "tim",
                .secret = "tanstaaf",
                .offered = LIST("CRAM-MD5"), .allowed = LIST("CRAM-MD5"),
                .replies = LIST("+ YWJjZGVm", "NO cancelled"),
                .client = "AUTH CRAM-MD5|*|", .result = -EPROTO, .finding = "auth.bad-challenge",
        },
        {
                .what = "CRAM-MD5 with bytes outside ASCII", .username = "tim", .secret = "tanstaaf",
                .offered = LIST("CRAM-MD5"), .allowed = LIST("CRAM-MD5"),
                .replies = LIST("+ PGH/QGI+", "NO cancelled"),
                .client = "AUTH CRAM-MD5|*|", .result = -EPROTO, .finding = "auth.bad-challenge",
        },
        {
                .what = "CRAM-MD5 is not used unasked", .username = "user", .secret = "pencil",
                .offered = LIST("CRAM-MD5", "NTLM"), .replies = { NULL }, .client = "", .result = MD_DONE,
                .finding = "auth.weak-mechanism", .param = "offered", .value = "CRAM-MD5, NTLM",
        },
        {
                .what = "nothing offered", .username = "user", .secret = "pencil", .offered = { NULL },
                .replies = { NULL }, .client = "", .result = MD_DONE, .finding = "auth.not-offered",
        },
        {
                .what = "nothing in common", .username = "user", .secret = "pencil",
                .offered = LIST("NTLM", "GSSAPI"),
                .replies = { NULL }, .client = "", .result = MD_DONE, .finding = "auth.no-common-mechanism",
                .param = "offered", .value = "NTLM, GSSAPI",
        },
        {
                .what = "only OAuth2 offered, a password at hand", .username = "user", .secret = "pencil",
                .offered = LIST("XOAUTH2"), .replies = { NULL }, .client = "", .result = MD_DONE,
                .finding = "auth.no-common-mechanism",
        },
        { .what = "no secret", .username = "user", .offered = LIST("PLAIN"), .client = "",
          .result = MD_SKIP },
        { .what = "no user name", .secret = "pencil", .offered = LIST("PLAIN"), .client = "",
          .result = MD_SKIP },
        {
                .what = "EXTERNAL", .username = "user", .certificate = true,
                .offered = LIST("PLAIN", "EXTERNAL"),
                .replies = LIST("OK"), .client = "AUTH EXTERNAL =|", .shown = "AUTH EXTERNAL =\n",
                .result = MD_NEXT,
        },
        {
                .what = "EXTERNAL on demand", .username = "user", .certificate = true, .no_initial = true,
                .offered = LIST("EXTERNAL"), .replies = LIST("+ ", "OK"), .client = "AUTH EXTERNAL||",
                .result = MD_NEXT,
        },
        {
                .what = "EXTERNAL in a quoted protocol", .username = "user", .certificate = true,
                .quoted = true,
                .offered = LIST("EXTERNAL"), .replies = LIST("OK"),
                .client = "AUTHENTICATE \"EXTERNAL\" \"\"|",
                .result = MD_NEXT,
        },
        {
                .what = "refused", .username = "user", .secret = "pencil", .offered = LIST("PLAIN"),
                .replies = LIST("NO wrong"), .client = "AUTH PLAIN AHVzZXIAcGVuY2ls|", .result = MD_DONE,
                .proof_refused = true,
        },
        {
                .what = "refused before the secret", .username = "user", .secret = "pencil",
                .offered = LIST("LOGIN"),
                .replies = LIST("NO unknown"), .client = "AUTH LOGIN|", .result = MD_DONE,
        },
        {
                .what = "asks on and on", .username = "user", .secret = "pencil", .offered = LIST("PLAIN"),
                .replies = LIST("+ ", "+ YQ==", "+ ", "+ ", "+ ", "+ ", "+ ", "+ ", "+ ", "NO cancelled"),
                .client = "AUTH PLAIN AHVzZXIAcGVuY2ls|||||||||*|", .result = -EPROTO,
                .finding = "auth.endless-challenge",
        },
        {
                .what = "asks LOGIN on and on", .username = "user", .secret = "pencil",
                .offered = LIST("LOGIN"),
                .replies = LIST("+ VXNlcm5hbWU6", "+ UGFzc3dvcmQ6", "+ VXNlcm5hbWU6", "+ UGFzc3dvcmQ6",
                                "+ VXNlcm5hbWU6",
                                "+ UGFzc3dvcmQ6", "+ VXNlcm5hbWU6", "+ UGFzc3dvcmQ6", "+ VXNlcm5hbWU6",
                                "!ENODATA"),
                .client = "AUTH LOGIN|dXNlcg==|cGVuY2ls|||||||*|", .result = -EPROTO,
                .finding = "auth.endless-challenge",
        },
        {
                .what = "a challenge that is not base64", .username = "user", .secret = "pencil",
                .offered = LIST("PLAIN"),
                .no_initial = true, .replies = LIST("+ Go ahead", "NO cancelled"), .client = "AUTH PLAIN|*|",
                .result = -EPROTO, .finding = "auth.bad-challenge", .param = "mechanism", .value = "PLAIN",
        },
        {
                .what = "a challenge where none belongs", .username = "user", .secret = "pencil",
                .offered = LIST("PLAIN"),
                .no_initial = true, .replies = LIST("+ YWJj", "NO cancelled"), .client = "AUTH PLAIN|*|",
                .result = -EPROTO, .finding = "auth.bad-challenge", .param = "evidence", .value = "YWJj",
        },
        {
                .what = "a challenge with a NUL", .username = "user", .secret = "pencil",
                .offered = LIST("LOGIN"),
                .replies = LIST("+ YQBi", "NO cancelled"), .client = "AUTH LOGIN|*|", .result = -EPROTO,
                .finding = "auth.bad-challenge",
        },
        {
                .what = "a challenge in the place of a pending response", .username = "user",
                .secret = "pencil",
                .command_max = 20, .offered = LIST("PLAIN"), .replies = LIST("+ YWJj", "NO cancelled"),
                .client = "AUTH PLAIN|*|", .result = -EPROTO, .finding = "auth.bad-challenge",
        },
        {
                .what = "cancelled in a quoted protocol", .username = "user", .secret = "pencil",
                .quoted = true,
                .offered = LIST("LOGIN"), .replies = LIST("+ !", "NO cancelled"),
                .client = "AUTHENTICATE \"LOGIN\"|\"*\"|", .result = -EPROTO, .finding = "auth.bad-challenge",
        },
        {
                .what = "a challenge without end", .username = "user", .secret = "pencil",
                .offered = LIST("LOGIN"),
                .replies = LIST("!EMSGSIZE"), .client = "AUTH LOGIN|", .result = -EMSGSIZE,
                .finding = "auth.bad-challenge",
        },
        {
                .what = "silence after the secret", .username = "user", .secret = "pencil",
                .offered = LIST("PLAIN"),
                .replies = LIST("!ETIMEDOUT"), .client = "AUTH PLAIN AHVzZXIAcGVuY2ls|", .result = -ETIMEDOUT,
                .finding = "auth.timeout",
        },
        {
                .what = "half a line after the secret", .username = "user", .secret = "pencil",
                .offered = LIST("PLAIN"),
                .replies = LIST("!ETIME"), .client = "AUTH PLAIN AHVzZXIAcGVuY2ls|", .result = -ETIME,
                .finding = "auth.timeout",
        },
        {
                .what = "end after the secret", .username = "user", .secret = "pencil",
                .offered = LIST("PLAIN"),
                .replies = LIST("!ENODATA"), .client = "AUTH PLAIN AHVzZXIAcGVuY2ls|", .result = -ENODATA,
                .finding = "auth.closed",
        },
        {
                .what = "reset after the secret", .username = "user", .secret = "pencil",
                .offered = LIST("PLAIN"),
                .replies = LIST("!ECONNRESET"), .client = "AUTH PLAIN AHVzZXIAcGVuY2ls|",
                .result = -ECONNRESET,
                .finding = "auth.closed",
        },
        {
                .what = "silence before the secret is no matter of the login", .username = "user",
                .secret = "pencil",
                .offered = LIST("LOGIN"), .replies = LIST("!ETIMEDOUT"), .client = "AUTH LOGIN|",
                .result = -ETIMEDOUT,
        },
        {
                .what = "end before the secret", .username = "user", .secret = "pencil",
                .offered = LIST("LOGIN"), .replies = LIST("!ENODATA"), .client = "AUTH LOGIN|",
                .result = -ENODATA,
        },
        {
                .what = "XOAUTH2", .username = "u", .secret = "T", .token = true,
                .offered = LIST("PLAIN", "XOAUTH2"),
                .replies = LIST("OK"), .client = "AUTH XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIFQBAQ==|",
                .shown = "AUTH XOAUTH2 ***\n", .result = MD_NEXT,
        },
        {
                .what = "XOAUTH2 refused", .username = "u", .secret = "T", .token = true,
                .offered = LIST("XOAUTH2"),
                .replies = LIST("+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21h"
                                "aWwuZ29vZ2xlLmNvbS8ifQ==",
                                "NO 5.7.8 not accepted"),
                .client = "AUTH XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIFQBAQ==||", .result = MD_DONE,
                .finding = "auth.oauth",
                .param = "scope", .value = "https://mail.google.com/", .proof_refused = true,
        },
        {
                .what = "OAUTHBEARER refused", .username = "u", .secret = "T", .token = true,
                .offered = LIST("XOAUTH2", "OAUTHBEARER"),
                .replies = LIST("+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=", "NO failed"),
                .client = "AUTH OAUTHBEARER "
                          "bixhPXUsAWhvc3Q9bWFpbC5leGFtcGxlAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIFQBAQ==|AQ==|",
                .result = MD_DONE, .finding = "auth.oauth-expired", .param = "status", .value = "invalid_token",
                .proof_refused = true,
        },
        {
                .what = "XOAUTH2 refused with rubbish", .username = "u", .secret = "T", .token = true,
                .offered = LIST("XOAUTH2"), .replies = LIST("+ {not base64}", "NO failed"),
                .client = "AUTH XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIFQBAQ==||", .result = MD_DONE,
                .finding = "auth.oauth",
                .param = "status", .value = "unreadable", .proof_refused = true,
        },
        {
                .what = "XOAUTH2 refused without a word", .username = "u", .secret = "T", .token = true,
                .offered = LIST("XOAUTH2"), .replies = LIST("NO try later"),
                .client = "AUTH XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIFQBAQ==|", .result = MD_DONE,
                .proof_refused = true,
        },
        {
                .what = "SCRAM accepted at once", .username = "user", .secret = "pencil",
                .offered = LIST("SCRAM-SHA-256"),
                .no_initial = true, .replies = LIST("OK"), .client = "AUTH SCRAM-SHA-256|", .result = -EPROTO,
                .finding = "security.unsolicited-reply",
        },
};

static MdProbe *probe_of(const struct Case *c) {
        MdProbe *probe = fake_probe_new(c->username, c->secret);
        fake_probe_target(probe)->oauth_token = c->token;
        if (c->certificate)
                fake_probe_set_certificate(probe);
        if (c->allowed[0]) {
                char **allowed = calloc(2, sizeof(char *));
                allowed[0] = strdup(c->allowed[0]);
                fake_probe_target(probe)->mechanisms = allowed;
        }
        return probe;
}

/* What is found only after it. */
static bool secret_left(const struct Case *c) {
        static const char *const findings[] = { "auth.timeout", "auth.closed", "auth.endless-challenge" };
        for (size_t i = 0; c->finding && i < sizeof(findings) / sizeof(findings[0]); i++)
                if (!strcmp(c->finding, findings[i]))
                        return true;
        return c->result == MD_NEXT || c->proof_refused;
}

START_TEST(dialogue) {
        const struct Case *c = &cases[_i];
        Script script = { .replies = c->replies };
        MdProbe *probe = probe_of(c);
        const MdSaslProfile profile = {
                .initial_response = !c->no_initial, .quoted = c->quoted, .command_max = c->command_max,
                .begin = c->quoted ? begin_quoted : begin, .read = read_reply, .refused = refused,
        };

        int r = md_sasl_login(probe, &profile, &script, c->offered);
        ck_assert_msg(r == c->result, "%s: returns %d", c->what, r);
        ck_assert_msg(!strcmp(script.client, c->client), "%s: sends %s", c->what, script.client);
        ck_assert_msg(!*script.replies, "%s: does not read to the end", c->what);
        ck_assert_msg(!c->shown || !strcmp(fake_probe_shown(probe), c->shown), "%s: shows %s", c->what,
                      fake_probe_shown(probe));
        ck_assert_msg(md_found(probe, c->finding) == (c->finding != NULL), "%s: finds otherwise", c->what);
        if (c->param)
                ck_assert_str_eq(fake_probe_param(probe, c->finding, c->param), c->value);
        ck_assert_int_eq(md_probe_is_logged_in(probe), c->result == MD_NEXT);
        ck_assert_int_eq(fake_probe_was_refused(probe), c->proof_refused);
        ck_assert_int_eq(fake_probe_was_begun(probe), secret_left(c));
        ck_assert_int_eq(script.refused, c->result == MD_DONE && !c->finding);
        fake_probe_free(probe);
}
END_TEST

START_TEST(only_once) {
        const char *const offered[] = LIST("PLAIN"), *const replies[] = LIST("OK");
        Script script = { .replies = replies };
        MdProbe *probe = fake_probe_new("user", "pencil");
        const MdSaslProfile profile = { .initial_response = true, .begin = begin, .read = read_reply,
                                        .refused = refused };
        ck_assert_int_eq(md_sasl_login(probe, &profile, &script, offered), MD_NEXT);
        ck_assert_str_eq(fake_probe_observed(probe, "mechanism", "name"), "PLAIN");
        ck_assert_int_eq(md_sasl_login(probe, &profile, &script, offered), MD_SKIP);
        ck_assert_ptr_null(fake_probe_take(probe));
        fake_probe_free(probe);
}
END_TEST

START_TEST(possible) {
        const char *const plain[] = LIST("PLAIN"), *const cram[] = LIST("CRAM-MD5"), *const none[] = { NULL };
        MdProbe *probe = fake_probe_new("user", "pencil");
        ck_assert(md_sasl_is_possible(probe, plain));
        ck_assert(!md_sasl_is_possible(probe, cram));
        ck_assert(!md_sasl_is_possible(probe, none));
        ck_assert_str_eq(fake_probe_shown(probe), "");
        fake_probe_free(probe);
}
END_TEST

/* Nothing of it may be cut. */
START_TEST(longest_secret) {
        static char secret[MD_SECRET_MAX + 1];
        memset(secret, 'x', MD_SECRET_MAX);
        const char *const offered[] = LIST("PLAIN");
        MdProbe *probe = fake_probe_new("user", secret);
        const MdSaslProfile profile = { .initial_response = true, .begin = begin, .read = read_only };
        ck_assert_int_eq(md_sasl_login(probe, &profile, NULL, offered), -ETIMEDOUT);
        const char *line = fake_probe_take(probe);
        ck_assert_uint_eq(strlen(line), strlen("AUTH PLAIN ") + (MD_SECRET_MAX + 6 + 2) / 3 * 4);
        ck_assert(!strncmp(line, "AUTH PLAIN AHVzZXIAeHh4eHh4", 27));
        fake_probe_free(probe);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("sasl");
        TCase *tcase = tcase_create("dialogue");
        tcase_add_loop_test(tcase, dialogue, 0, sizeof(cases) / sizeof(cases[0]));
        tcase_add_test(tcase, only_once);
        tcase_add_test(tcase, possible);
        tcase_add_test(tcase, longest_secret);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
