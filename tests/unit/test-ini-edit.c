/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Changes to a text of sections and keys: the key in question, and nothing else. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "ini-edit.h"

static const struct {
        const char *what, *before, *key, *value, *after;
} changes[] = {
        { "an empty text", "", "host", "a", "[imap]\nhost = a\n" },
        { "an empty text, nothing to take away", "", "host", NULL, "" },
        { "a section that is not there", "[smtp]\nhost = b\n", "host", "a", "[smtp]\nhost = b\n\n[imap]\nhost = a\n" },
        { "a key that is not there", "[imap]\nhost = a\n\n[smtp]\nhost = b\n", "port", "993",
          "[imap]\nhost = a\nport = 993\n\n[smtp]\nhost = b\n" },
        { "a key of the last section", "[smtp]\nhost = b\n[imap]\nhost = a\n", "port", "993",
          "[smtp]\nhost = b\n[imap]\nhost = a\nport = 993\n" },
        { "another value", "[imap]\nhost = a\nport = 1\n", "host", "c", "[imap]\nhost = c\nport = 1\n" },
        { "the same key of another section", "[smtp]\nhost = b\n[imap]\nhost = a\n", "host", "c",
          "[smtp]\nhost = b\n[imap]\nhost = c\n" },
        { "a key that starts alike", "[imap]\nhostname = x\nhost=a\n", "host", "c", "[imap]\nhostname = x\nhost = c\n" },
        { "a section that starts alike", "[imaps]\nhost = x\n", "host", "c", "[imaps]\nhost = x\n\n[imap]\nhost = c\n" },
        { "taken away", "[imap]\nhost = a\nport = 1\n", "port", NULL, "[imap]\nhost = a\n" },
        { "twice there", "[imap]\nhost = a\nhost = b\n", "host", "c", "[imap]\nhost = c\n" },
        { "comments and empty lines stay", "# mine\n\n[imap]\n# why\n\nhost = a\n\n\n# end\n", "host", "c",
          "# mine\n\n[imap]\n# why\n\nhost = c\n\n\n# end\n" },
        { "a key in a comment is none", "[imap]\n#host = a\n", "host", "c", "[imap]\n#host = a\nhost = c\n" },
        { "spaces", " [ imap ]\n\thost\t=\ta\n", "host", "c", " [ imap ]\nhost = c\n" },
        { "no newline at the end", "[imap]\nhost = a", "host", "c", "[imap]\nhost = c\n" },
};

START_TEST(changes_of_a_text)
{
        char *text = strdup(changes[_i].before);
        ck_assert_ptr_nonnull(text);
        ck_assert_int_eq(ini_edit(&text, "imap", changes[_i].key, changes[_i].value), 0);
        ck_assert_msg(!strcmp(text, changes[_i].after), "%s: '%s' became '%s'", changes[_i].what, changes[_i].before, text);
        free(text);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("ini-edit");
        TCase *tcase = tcase_create("changes");
        tcase_add_loop_test(tcase, changes_of_a_text, 0, (int) (sizeof(changes) / sizeof(changes[0])));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
