/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The greeting classifier: a table of beginnings.  Pure: bytes in, a protocol out. */

#include <string.h>
#include <strings.h>

#include "classify.h"
#include "text.h"

static const char *const words[] = {
        [MD_SPEECH_SMTP] = "smtp",
        [MD_SPEECH_IMAP] = "imap",
        [MD_SPEECH_POP3] = "pop3",
        [MD_SPEECH_SIEVE] = "sieve",
        [MD_SPEECH_HTTP] = "http",
        [MD_SPEECH_SSH] = "ssh",
        [MD_SPEECH_FTP] = "ftp",
        [MD_SPEECH_NNTP] = "nntp",
        [MD_SPEECH_TLS] = "tls",
        [MD_SPEECH_TLS_ALERT] = "tls-alert",
};

const char *md_speech_word(MdSpeech speech) {
        return words[speech];
}

MdSpeech md_speech_from_word(const char *word) {
        for (size_t i = 1; i < sizeof(words) / sizeof(words[0]); i++)
                if (md_word_equal(word, words[i]))
                        return (MdSpeech) i;
        return MD_SPEECH_UNKNOWN;
}

/* What a first line may begin with, and must hold besides.  A word ends at the next character that is no
 * letter or digit.  The first that fits counts. */
static const struct {
        const char *start;
        const char *holds;
        MdSpeech speech;
} beginnings[] = {
        { "* OK", NULL, MD_SPEECH_IMAP },
        { "* PREAUTH", NULL, MD_SPEECH_IMAP },
        { "* BYE", NULL, MD_SPEECH_IMAP },
        { "+OK", NULL, MD_SPEECH_POP3 },
        { "-ERR", NULL, MD_SPEECH_POP3 },
        { "BYE", NULL, MD_SPEECH_SIEVE },                       /* RFC 5804 section 1.7: capabilities, or a refusal */
        { "\"IMPLEMENTATION\"", NULL, MD_SPEECH_SIEVE },
        { "\"SIEVE\"", NULL, MD_SPEECH_SIEVE },
        { "\"SASL\"", NULL, MD_SPEECH_SIEVE },
        { "\"STARTTLS\"", NULL, MD_SPEECH_SIEVE },
        { "\"VERSION\"", NULL, MD_SPEECH_SIEVE },
        { "\"MAXREDIRECTS\"", NULL, MD_SPEECH_SIEVE },
        { "\"NOTIFY\"", NULL, MD_SPEECH_SIEVE },
        { "\"LANGUAGE\"", NULL, MD_SPEECH_SIEVE },
        { "\"OWNER\"", NULL, MD_SPEECH_SIEVE },
        { "HTTP", NULL, MD_SPEECH_HTTP },
        { "<!DOCTYPE", NULL, MD_SPEECH_HTTP },
        { "<html", NULL, MD_SPEECH_HTTP },
        { "SSH", NULL, MD_SPEECH_SSH },
        { "220", "SMTP", MD_SPEECH_SMTP },
        { "220", "FTP ", MD_SPEECH_FTP },
        { "220", "FTPd", MD_SPEECH_FTP },
        { "220", "FileZilla", MD_SPEECH_FTP },
        { "200", NULL, MD_SPEECH_NNTP },                        /* RFC 3977 section 5.1 */
        { "201", NULL, MD_SPEECH_NNTP },
};

static int is_word(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* RFC 5321 section 4.2: Reply-code = %x32-35 %x30-35 %x30-39, then a space, a hyphen or the end. */
static int is_smtp(const char *line, size_t size) {
        return size >= 3 && line[0] >= '2' && line[0] <= '5' && line[1] >= '0' && line[1] <= '5' &&
               line[2] >= '0' && line[2] <= '9' && (size == 3 || line[3] == ' ' || line[3] == '-');
}

static int starts_with(const char *line, size_t size, const char *start) {
        size_t n = strlen(start);
        return size >= n && !strncasecmp(line, start, n) && (size == n || !is_word(line[n]));
}

static int holds(const char *line, size_t size, const char *text) {
        size_t n = strlen(text);
        for (size_t i = 0; i + n <= size; i++)
                if (!strncasecmp(line + i, text, n))
                        return 1;
        return 0;
}

static MdSpeech classify_line(const char *line, size_t size) {
        for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
                if (starts_with(line, size, beginnings[i].start) &&
                    (!beginnings[i].holds || holds(line, size, beginnings[i].holds)))
                        return beginnings[i].speech;
        return is_smtp(line, size) ? MD_SPEECH_SMTP : MD_SPEECH_UNKNOWN;
}

MdSpeech md_classify(const char *bytes, size_t size) {
        /* RFC 8446 section 5.1: type 20 to 23, then version 3.x. */
        if (size >= 3 && bytes[0] >= 20 && bytes[0] <= 23 && bytes[1] == 3 && bytes[2] >= 0 && bytes[2] <= 4)
                return bytes[0] == 21 ? MD_SPEECH_TLS_ALERT : MD_SPEECH_TLS;

        size_t length = 0;
        while (length < size && bytes[length] != '\r' && bytes[length] != '\n')
                length++;
        return classify_line(bytes, length);
}
