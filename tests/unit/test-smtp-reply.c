/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The parsers of the SMTP plugin: replies, capabilities. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capabilities.h"
#include "harness.h"
#include "reply.h"

/* ---- replies ---- */

static const struct {
        const char *line;
        int result;
        unsigned code;
        const char *enhanced, *text;
} lines[] = {
        { "220 mail.example.org ESMTP",         SMTP_REPLY_LAST, 220, "",        "mail.example.org ESMTP" },
        { "220-mail.example.org",               SMTP_REPLY_MORE, 220, "",        "mail.example.org"       },
        { "250",                                SMTP_REPLY_LAST, 250, "",        ""                       },
        { "250 ",                               SMTP_REPLY_LAST, 250, "",        ""                       },
        { "250-",                               SMTP_REPLY_MORE, 250, "",        ""                       },
        { "535 5.7.8 Wrong",                    SMTP_REPLY_LAST, 535, "5.7.8",   "Wrong"                  },
        { "535 5.7.139 x",                      SMTP_REPLY_LAST, 535, "5.7.139", "x"                      },
        { "250 2.1.0",                          SMTP_REPLY_LAST, 250, "2.1.0",   ""                       },
        { "250 5.7.8 other class",              SMTP_REPLY_LAST, 250, "",        "5.7.8 other class"      },
        { "334 3.1.2 no class",                 SMTP_REPLY_LAST, 334, "",        "3.1.2 no class"         },
        { "550 5.7 short",                      SMTP_REPLY_LAST, 550, "",        "5.7 short"              },
        { "550 5.7.8.9 long",                   SMTP_REPLY_LAST, 550, "",        "5.7.8.9 long"           },
        { "550 5.7.1234 x",                     SMTP_REPLY_LAST, 550, "",        "5.7.1234 x"             },
        { "550 5..1 x",                         SMTP_REPLY_LAST, 550, "",        "5..1 x"                 },
        { "334 VXNlcm5hbWU6",                   SMTP_REPLY_LAST, 334, "",        "VXNlcm5hbWU6"           },
        { "",                                   -EBADMSG,        0,   "",        ""                       },
        { "2",                                  -EBADMSG,        0,   "",        ""                       },
        { "25",                                 -EBADMSG,        0,   "",        ""                       },
        { "000 x",                              -EBADMSG,        0,   "",        ""                       },
        { "199 x",                              -EBADMSG,        0,   "",        ""                       },
        { "600 x",                              -EBADMSG,        0,   "",        ""                       },
        { "999 x",                              -EBADMSG,        0,   "",        ""                       },
        { "2500 x",                             -EBADMSG,        0,   "",        ""                       },
        { "250text",                            -EBADMSG,        0,   "",        ""                       },
        { "250\ttext",                          -EBADMSG,        0,   "",        ""                       },
        { "-250 x",                             -EBADMSG,        0,   "",        ""                       },
        { " 250 x",                             -EBADMSG,        0,   "",        ""                       },
        { "2x0 x",                              -EBADMSG,        0,   "",        ""                       },
        { "+OK",                                -EBADMSG,        0,   "",        ""                       },
};

START_TEST(test_line) {
        static SmtpReply reply;
        const char *text;

        smtp_reply_begin(&reply);
        ck_assert_int_eq(smtp_reply_add(&reply, lines[_i].line, &text), lines[_i].result);
        ck_assert_uint_eq(reply.code, lines[_i].code);
        ck_assert_str_eq(reply.enhanced, lines[_i].enhanced);
        ck_assert_str_eq(reply.text, lines[_i].text);
}
END_TEST

START_TEST(test_many_lines) {
        static SmtpReply reply;
        const char *text;
        char printed[256];

        smtp_reply_begin(&reply);
        ck_assert_int_eq(smtp_reply_add(&reply, "550-5.7.1 First", &text), SMTP_REPLY_MORE);
        ck_assert_str_eq(text, "First");
        ck_assert_int_eq(smtp_reply_add(&reply, "550-", &text), SMTP_REPLY_MORE);
        ck_assert_int_eq(smtp_reply_add(&reply, "250 no", &text), -EILSEQ);
        ck_assert_int_eq(smtp_reply_add(&reply, "nonsense", &text), -EBADMSG);
        ck_assert_int_eq(smtp_reply_add(&reply, "550 5.7.2 last", &text), SMTP_REPLY_LAST);
        ck_assert_uint_eq(reply.n_lines, 3);
        smtp_reply_print(&reply, printed, sizeof(printed));
        ck_assert_str_eq(printed, "550 5.7.1 First last");
        ck_assert(smtp_reply_says(&reply, "FIRST"));
        ck_assert(!smtp_reply_says(&reply, "second"));
}
END_TEST

/* What is kept has an end, whatever the server sends. */
START_TEST(test_long_text) {
        static SmtpReply reply;
        static char line[3 * SMTP_TEXT_MAX];
        const char *text;

        memset(line, 'a', sizeof(line) - 1);
        memcpy(line, "250-", 4);
        smtp_reply_begin(&reply);
        for (unsigned i = 0; i < 3; i++)
                ck_assert_int_eq(smtp_reply_add(&reply, line, &text), SMTP_REPLY_MORE);
        ck_assert_uint_eq(strlen(reply.text), SMTP_TEXT_MAX - 1);
}
END_TEST

/* ---- capabilities ---- */

#define BIT(keyword) (1u << (keyword))

static const struct {
        const char *text;
        unsigned has;
        const char *mechanisms;         /* joined by spaces */
        uint64_t size_limit;
        bool masked;
} capabilities[] = {
        { "STARTTLS",                           BIT(SMTP_STARTTLS), "" },
        { "starttls",                           BIT(SMTP_STARTTLS), "" },
        { "STARTTLSX",                          0, "" },
        { "XSTARTTLS",                          0, "" },
        { "STARTTLS ",                          BIT(SMTP_STARTTLS), "" },
        { "AUTH PLAIN LOGIN",                   BIT(SMTP_AUTH), "PLAIN LOGIN" },
        { "auth  plain   login ",               BIT(SMTP_AUTH), "PLAIN LOGIN" },
        { "AUTH=LOGIN PLAIN",                   BIT(SMTP_AUTH), "LOGIN PLAIN" },
        { "AUTH PLAIN plain PLAIN",             BIT(SMTP_AUTH), "PLAIN" },
        { "AUTH PLAINX",                        BIT(SMTP_AUTH), "PLAINX" },
        { "AUTH",                               BIT(SMTP_AUTH), "" },
        { "AUTH AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA PLAIN", BIT(SMTP_AUTH), "PLAIN" },
        { "AUTHENTICATE PLAIN",                 0, "" },
        { "SIZE 36700160",                      BIT(SMTP_SIZE), "", 36700160 },
        { "SIZE",                               BIT(SMTP_SIZE), "" },
        { "SIZE 0",                             BIT(SMTP_SIZE), "" },
        { "SIZE -1",                            BIT(SMTP_SIZE), "" },
        { "SIZE 99999999999999999999999",       BIT(SMTP_SIZE), "" },
        { "SIZE 12x",                           BIT(SMTP_SIZE), "" },
        { "PIPELINING",                         BIT(SMTP_PIPELINING), "" },
        { "8BITMIME",                           BIT(SMTP_8BITMIME), "" },
        { "SMTPUTF8",                           BIT(SMTP_SMTPUTF8), "" },
        { "CHUNKING",                           BIT(SMTP_CHUNKING), "" },
        { "DSN",                                BIT(SMTP_DSN), "" },
        { "ENHANCEDSTATUSCODES",                BIT(SMTP_ENHANCEDSTATUSCODES), "" },
        { "XXXXXXXX",                           0, "", 0, true },
        { "XXXXXXXA",                           0, "", 0, true },
        { "XXX",                                0, "" },
        { "XCLIENT NAME",                       0, "" },
        { "X-EXPS GSSAPI",                      0, "" },
        { "",                                   0, "" },
};

START_TEST(test_capability) {
        static SmtpCapabilities c;
        char mechanisms[256];
        FILE *joined = fmemopen(mechanisms, sizeof(mechanisms), "w");
        unsigned has = 0;

        memset(&c, 0, sizeof(c));
        smtp_capabilities_add(&c, capabilities[_i].text);
        for (size_t i = 0; i < _SMTP_KEYWORD_MAX; i++)
                has |= c.has[i] ? BIT(i) : 0;
        for (size_t i = 0; i < c.n_mechanisms; i++)
                fprintf(joined, "%s%s", i ? " " : "", c.mechanisms[i]);
        fputc('\0', joined);
        fclose(joined);
        ck_assert_uint_eq(has, capabilities[_i].has);
        ck_assert_str_eq(mechanisms, capabilities[_i].mechanisms);
        ck_assert_uint_eq(c.size_limit, capabilities[_i].size_limit);
        ck_assert_int_eq(c.masked, capabilities[_i].masked);
}
END_TEST

START_TEST(test_capability_flood) {
        static SmtpCapabilities c;
        char text[32];

        memset(&c, 0, sizeof(c));
        for (unsigned i = 0; i < 1000; i++) {
                snprintf(text, sizeof(text), "AUTH M%u", i);
                smtp_capabilities_add(&c, text);
        }
        ck_assert_uint_eq(c.n_words, SMTP_WORDS_MAX);
        ck_assert_uint_eq(c.n_mechanisms, SMTP_MECHANISMS_MAX);
}
END_TEST

START_TEST(test_masked_greeting) {
        ck_assert(smtp_greeting_is_masked("************************2******0*****"));
        ck_assert(!smtp_greeting_is_masked("mail.example.org ESMTP *** welcome ***"));
        ck_assert(!smtp_greeting_is_masked(""));
}
END_TEST

/* ---- what real servers said, where the collection is at hand ---- */

/* Feeds every line that begins with `prefix` to the parser.  Returns how many were no reply lines. */
static unsigned feed(const char *directory, const char *name, const char *prefix, unsigned *n_lines) {
        static SmtpReply reply;
        char path[8192], line[4096];
        const char *text;
        unsigned n_bad = 0;

        snprintf(path, sizeof(path), "%s/%s", directory, name);
        FILE *file = fopen(path, "re");
        smtp_reply_begin(&reply);
        while (file && fgets(line, sizeof(line), file)) {
                line[strcspn(line, "\r\n")] = '\0';
                if (strncmp(line, prefix, strlen(prefix)))
                        continue;
                int r = smtp_reply_add(&reply, line + strlen(prefix), &text);
                (*n_lines)++;
                n_bad += r < 0;
                if (r != SMTP_REPLY_MORE)
                        smtp_reply_begin(&reply);
        }
        if (file)
                fclose(file);
        return n_bad;
}

static unsigned feed_all(const char *folder, const char *part, const char *prefix, unsigned *n_lines) {
        char directory[4096];
        unsigned n_bad = 0;

        snprintf(directory, sizeof(directory), "%s/data/corpora/%s", getenv("MAILDIAG_SHARED") ?: "", folder);
        DIR *dir = opendir(directory);
        for (struct dirent *entry; dir && (entry = readdir(dir));)
                if (strstr(entry->d_name, ".txt") && strstr(entry->d_name, part))
                        n_bad += feed(directory, entry->d_name, prefix, n_lines);
        if (dir)
                closedir(dir);
        return n_bad;
}

START_TEST(test_corpora) {
        unsigned n_lines = 0;

        ck_assert_uint_eq(feed_all("mailkit/smtp", "", "", &n_lines), 0);
        unsigned n_bad = feed_all("transcripts", "smtp", "S: ", &n_lines);
        printf("%u lines of real servers, %u of them no reply\n", n_lines, n_bad);
        ck_assert_uint_le(n_bad, n_lines / 20);
}
END_TEST

#define N(table) (int) (sizeof(table) / sizeof((table)[0]))

int main(void) {
        Suite *suite = suite_create("smtp-reply");
        TCase *tcase = tcase_create("smtp-reply");

        tcase_add_loop_test(tcase, test_line, 0, N(lines));
        tcase_add_test(tcase, test_many_lines);
        tcase_add_test(tcase, test_long_text);
        tcase_add_loop_test(tcase, test_capability, 0, N(capabilities));
        tcase_add_test(tcase, test_capability_flood);
        tcase_add_test(tcase, test_masked_greeting);
        tcase_add_test(tcase, test_corpora);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
