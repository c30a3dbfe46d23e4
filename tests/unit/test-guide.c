/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guides: the form of their files, each file that is shipped, and the steps that are made of them. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guide-steps.h"
#include "guide.h"
#include "harness.h"

#define HEAD "[app]\nname = App\nplatform = Test\nprotocols = imap\n"
#define SCREEN "[source s]\ntext = t\n[screen a]\npath = A > {account}\nsource = s\nstatus = sourced\n"

static const struct {
        const char *text;
        unsigned line;
        const char *problem;
} wrong[] = {
        { "", 0, "name, platform and protocols" },
        { "[app]\nname = x\nplatform = y\n", 0, "name, platform and protocols" },
        { "name = x\n[app]\n", 1, "does not belong here" },
        { "[app\n", 1, "closing bracket" },
        { "[app x]\n", 1, "no such section" },
        { "[source]\n", 1, "no such setting" },
        { "[screen ]\n", 1, "no such section" },
        { "[in.prt]\n", 1, "no such setting" },
        { "[app]\ncolour = red\n", 2, "does not belong here" },
        { "[app]\nname\n", 2, "a key and a value" },
        { "[app]\nname =\n", 2, "value is missing" },
        { "[app]\n\n# x\nname = a\x1b[31m\n", 4, "control character" },
        { "[app]\nname = \xff\n", 2, "control character" },
        { HEAD "[source a]\ntext = x\n[source a]\n", 7, "of this name already" },
        { HEAD "[source a]\n", 0, "source has no text" },
        { HEAD SCREEN "[screen a]\n", 11, "of this name already" },
        { HEAD "[screen a]\nstatus = sourced\npath = x\n", 0, "without a source" },
        { HEAD "[screen a]\nstatus = unverified\n", 0, "no path" },
        { HEAD "[screen a]\npath = x\nsource = s\n", 7, "no source of this name" },
        { HEAD "[screen a]\npath = x\nstatus = yes\n", 7, "sourced or unverified" },
        { HEAD "[in.port]\nscreen = a\n", 6, "no screen of this name" },
        { HEAD "[in.port]\nvalue. = x\n", 6, "does not belong here" },
        { HEAD "[in.port]\n", 0, "neither screen nor label" },
        { HEAD "[in.port]\nlabel = x\nstatus = sourced\n", 0, "without a source" },
        { HEAD SCREEN "[in.port]\nscreen = a\n[in.port]\n", 13, "told already" },
        { HEAD "[in.port]\nvalue.a = x\nvalue.b = x\nvalue.c = x\nvalue.d = x\nvalue.e = x\nvalue.f = x\nvalue.g = x\n", 12,
          "too many values" },
};

START_TEST(refused) {
        Guide *guide;
        GuideProblem problem;
        int r = guide_parse("x", wrong[_i].text, strlen(wrong[_i].text), "en", &guide, &problem);
        ck_assert_int_eq(r, -EINVAL);
        ck_assert_msg(strstr(problem.text, wrong[_i].problem), "%s", problem.text);
        ck_assert_uint_eq(problem.line, wrong[_i].line);
}
END_TEST

START_TEST(too_long) {
        static char text[GUIDE_TEXT_MAX + 1];
        Guide *guide;
        GuideProblem problem;
        memset(text, '#', sizeof(text));
        ck_assert_int_eq(guide_parse("x", text, sizeof(text), "en", &guide, &problem), -EINVAL);
        ck_assert_int_eq(guide_parse("x", "[app]\n\0\n", 8, "en", &guide, &problem), -EINVAL);
}
END_TEST

static Guide *parse(const char *text, const char *language) {
        Guide *guide;
        GuideProblem problem;
        int r = guide_parse("app", text, strlen(text), language, &guide, &problem);
        ck_assert_msg(r == 0, "line %u: %s", problem.line, problem.text ?: "");
        return guide;
}

static const char sample[] = HEAD SCREEN
        "path.vi = B > {account}\r\n"
        "[screen b]\npath = C > D...\nstatus = unverified\n"
        "[in.host]\nscreen = a\nlabel = Host\nlabel.vi = Máy chủ\nlabel.fr = Serveur\nstatus = sourced\n"
        "[in.security]\nscreen = b\nlabel = Secure\nvalue.tls = on\nvalue.tls.vi = bật\nstatus = sourced\nsource = s\n"
        "[in.port]\nscreen = a\nlabel = Port\nnote = Look twice.\nstatus = sourced\n"
        "[in.password]\nscreen = a\nlabel = Password\nstatus = unverified\n";

START_TEST(two_languages) {
        static const struct {
                const char *language, *path, *label, *value;
        } seen[] = { { "en", "A > {account}", "Host", "on" }, { "vi", "B > {account}", "Máy chủ", "bật" } };
        for (size_t i = 0; i < 2; i++) {
                Guide *guide = parse(sample, seen[i].language);
                const GuideRow *host = guide_row(guide, GUIDE_IN, "host"), *security = guide_row(guide, GUIDE_IN, "security");
                ck_assert_str_eq(host->screen->path, seen[i].path);
                ck_assert_str_eq(host->label, seen[i].label);
                ck_assert_str_eq(guide_word(security, "tls"), seen[i].value);
                ck_assert_str_eq(guide_word(security, "starttls"), "starttls");
                ck_assert(guide_row_is_sourced(host));
                ck_assert(!guide_row_is_sourced(security));
                ck_assert_ptr_null(guide_row(guide, GUIDE_OUT, "host"));
                guide_free(guide);
        }
}
END_TEST

static const struct {
        const char *protocol, *settings[4], *values[4];
        bool unverified;
        const char *steps;
} cases[] = {
        { "imap", { "host", "port" }, { "mail.example.org", "993" }, false,
          "Open A > your account.|Host: set it to mail.example.org.|Port: set it to 993. Look twice.|Save, and try again." },
        { "imap", { "port" }, { NULL }, false, "Open A > your account.|Look at Port. Look twice." },
        { "imap", { "security" }, { "tls" }, true,
          "Open C > D... (unverified)|Secure: set it to on. (unverified)|Save, and try again." },
        { "imap", { "security" }, { "starttls" }, true,
          "Open C > D... (unverified)|Secure: set it to STARTTLS. (unverified)|Save, and try again." },
        { "imap", { "host", "security", "password" }, { "x", "tls", NULL }, true,
          "Open A > your account.|Host: set it to x.|Password: type the password again. (unverified)|"
          "Open C > D... (unverified)|Secure: set it to on. (unverified)|Save, and try again." },
        { "imap", { "username" }, { "anna" }, true,
          "User name: set it to anna. Where App keeps it, this guide does not know.|Save, and try again." },
        { "imap", { "username" }, { NULL }, true, "User name: where App keeps it, this guide does not know." },
        { "imap", { "protocol" }, { "pop3" }, false, "App does not fetch with POP3: use IMAP there, or another app." },
        { "pop3", { "port" }, { "995" }, false, "App does not fetch with POP3: use IMAP there, or another app." },
        { "smtp", { "port" }, { "465" }, false, "App does not send: use another app for it." },
        { "pop3", { "protocol" }, { "imap" }, false,
          "An account does not change from one protocol to the other: add it again as IMAP, and remove the old one when "
          "no message is missing.|Save, and try again." },
        { "", { "port" }, { "5" }, false, "Open A > your account.|Port: set it to 5. Look twice.|Save, and try again." },
};

static char *join(const json_t *list) {
        static char text[4096];
        size_t i;
        json_t *item;
        *text = '\0';
        json_array_foreach((json_t *) list, i, item)
                snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i > 0 ? "|" : "", json_string_value(item));
        return text;
}

START_TEST(steps) {
        Guide *guide = parse(sample, "en");
        GuideChange changes[4];
        size_t n = 0;
        bool unverified;
        for (; n < 4 && cases[_i].settings[n]; n++)
                changes[n] = (GuideChange) { guide_setting(guide_side(cases[_i].protocol), cases[_i].settings[n]),
                                             cases[_i].protocol, cases[_i].values[n] };
        json_t *list = guide_steps(guide, changes, n, &unverified);
        ck_assert_str_eq(join(list), cases[_i].steps);
        ck_assert(unverified == cases[_i].unverified);
        json_decref(list);
        guide_free(guide);
}
END_TEST

static const struct {
        const char *finding, *steps;
} findings[] = {
        { "{\"service\": \"imap\", \"setting\": \"port\", \"changes\": [{\"setting\": \"port\", \"to\": \"993\"}, "
          "{\"setting\": \"host\", \"to\": \"h\"}, {\"setting\": \"shoe-size\", \"to\": \"42\"}]}",
          "Open A > your account.|Port: set it to 993. Look twice.|Host: set it to h.|Save, and try again." },
        { "{\"service\": \"imap\", \"setting\": \"host\", \"suggested\": \"h\"}",
          "Open A > your account.|Host: set it to h.|Save, and try again." },
        { "{\"service\": \"imap\", \"setting\": \"password\"}",
          "Open A > your account.|Password: type the password again. (unverified)" },
        { "{\"service\": \"imap\", \"setting\": \"address\"}", NULL },
        { "{\"service\": \"imap\"}", NULL },
        { "{\"service\": 1, \"setting\": [], \"changes\": {}}", NULL },
};

START_TEST(of_findings) {
        Guide *guide = parse(sample, "en");
        bool unverified;
        json_t *finding = json_loads(findings[_i].finding, 0, NULL);
        json_t *list = guide_steps_finding(guide, finding, &unverified);
        ck_assert(!list == !findings[_i].steps);
        if (list)
                ck_assert_str_eq(join(list), findings[_i].steps);
        json_decref(list);
        json_decref(finding);
        guide_free(guide);
}
END_TEST

START_TEST(lines_of_files) {
        Guide *guide = parse("[app]\nname = P\nplatform = ~/.prc\nprotocols = smtp\nfile = ~/.prc\n"
                             "[out.port]\nline = port {value}\n[out.host]\nlabel = the host\n", "en");
        GuideChange changes[] = { { guide_setting(GUIDE_OUT, "port"), "smtp", "587" },
                                  { guide_setting(GUIDE_OUT, "host"), "smtp", "h" } };
        bool unverified;
        json_t *list = guide_steps(guide, changes, 2, &unverified);
        ck_assert_str_eq(join(list), "In ~/.prc, among the lines of the account, write: port 587|the host: set it to h. "
                         "(unverified)|Save, and try again.");
        json_decref(list);
        guide_free(guide);
}
END_TEST

static char *read_file(const char *path, size_t *ret_size) {
        static char text[GUIDE_TEXT_MAX + 1];
        FILE *file = fopen(path, "re");
        ck_assert_msg(file, "%s", path);
        *ret_size = fread(text, 1, sizeof(text), file);
        fclose(file);
        return text;
}

static char *read_guide(const char *name, size_t *ret_size) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", TEST_GUIDES, name);
        return read_file(path, ret_size);
}

/* The example of the manual page is a guide. */
START_TEST(manual) {
        size_t size;
        char *page = read_file(TEST_PAGE, &size);
        page[size] = '\0';
        char *begin = strstr(page, "```\n"), *end = begin ? strstr(begin + 4, "```") : NULL;
        ck_assert(end);
        *end = '\0';
        Guide *guide = parse(begin + 4, "en");
        ck_assert_str_eq(guide_word(guide_row(guide, GUIDE_IN, "security"), "tls"), "SSL/TLS");
        ck_assert(guide_row_is_sourced(guide_row(guide, GUIDE_IN, "security")));
        guide_free(guide);
}
END_TEST

/* Every file that is shipped: it is read, in both languages, and tells what one needs. */
static void check_guide(const char *name) {
        static const char *const languages[] = { "en", "vi" };
        for (size_t i = 0; i < 2; i++) {
                Guide *guide;
                GuideProblem problem;
                size_t size;
                char *text = read_guide(name, &size);
                int r = guide_parse(name, text, size, languages[i], &guide, &problem);
                ck_assert_msg(r == 0, "%s, line %u: %s", name, problem.line, problem.text ?: "");
                ck_assert(guide_row(guide, GUIDE_IN, "host") || guide_row(guide, GUIDE_OUT, "host"));
                for (size_t j = 0; j < guide->n_rows; j++) {
                        const GuideRow *row = &guide->rows[j];
                        ck_assert_msg(guide->file || row->screen || row->note, "%s: %s", name, row->setting->key);
                        ck_assert_msg(!row->line || guide->file, "%s: %s", name, row->setting->key);
                        if (row->line)
                                ck_assert_ptr_nonnull(strstr(row->line, "{value}"));
                }
                guide_free(guide);
        }
}

START_TEST(shipped) {
        struct dirent *entry;
        unsigned n = 0;
        DIR *dir = opendir(TEST_GUIDES);
        ck_assert(dir);
        while ((entry = readdir(dir)))
                if (strstr(entry->d_name, ".conf")) {
                        check_guide(entry->d_name);
                        n++;
                }
        closedir(dir);
        ck_assert_uint_ge(n, 23);
}
END_TEST

/* Notes are our own words: each is there in Vietnamese, too. */
START_TEST(notes_are_translated) {
        struct dirent *entry;
        DIR *dir = opendir(TEST_GUIDES);
        while ((entry = readdir(dir))) {
                unsigned plain = 0, translated = 0;
                size_t size;
                if (!strstr(entry->d_name, ".conf"))
                        continue;
                char *text = read_guide(entry->d_name, &size), *state = NULL;
                text[size] = '\0';
                for (char *line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
                        plain += !strncmp(line, "note = ", 7);
                        translated += !strncmp(line, "note.vi = ", 10);
                }
                ck_assert_msg(plain <= translated, "%s: %u notes, %u in Vietnamese", entry->d_name, plain, translated);
        }
        closedir(dir);
}
END_TEST

#define COUNT(table) ((int) (sizeof(table) / sizeof(table[0])))

int main(void) {
        Suite *suite = suite_create("guide");
        TCase *tcase = tcase_create("guide");
        tcase_add_loop_test(tcase, refused, 0, COUNT(wrong));
        tcase_add_test(tcase, too_long);
        tcase_add_test(tcase, two_languages);
        tcase_add_loop_test(tcase, steps, 0, COUNT(cases));
        tcase_add_loop_test(tcase, of_findings, 0, COUNT(findings));
        tcase_add_test(tcase, lines_of_files);
        tcase_add_test(tcase, shipped);
        tcase_add_test(tcase, manual);
        tcase_add_test(tcase, notes_are_translated);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
