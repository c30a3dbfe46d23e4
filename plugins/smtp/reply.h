/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* SMTP replies (RFC 5321 section 4.2) with enhanced status codes (RFC 2034, 3463), without I/O. */

#include <stdbool.h>
#include <stddef.h>

#define SMTP_TEXT_MAX 4096u     /* bytes kept of a reply's text */
#define SMTP_PRINTED_MAX (SMTP_TEXT_MAX + 32u)  /* with its codes, see smtp_reply_print() */

typedef struct SmtpReply {
        unsigned code;          /* 200 to 599 */
        char enhanced[12];      /* "5.7.8", or empty */
        unsigned n_lines;
        size_t n_text;
        char text[SMTP_TEXT_MAX];       /* of all lines, joined by spaces, without codes */
} SmtpReply;

/* Results of smtp_reply_add(). */
enum {
        SMTP_REPLY_LAST = 0,    /* the reply is complete */
        SMTP_REPLY_MORE = 1,    /* another line belongs to it */
};

void smtp_reply_begin(SmtpReply *reply);
/* Adds a line.  ret_text: where its text begins, behind code and enhanced code.  Returns SMTP_REPLY_*,
 * -EBADMSG for what is no reply line, -EILSEQ for a line with another code than the ones before; the reply is
 * then as before. */
int smtp_reply_add(SmtpReply *reply, const char *line, const char **ret_text);

/* First digit of the code: 2 done, 3 go on, 4 not now, 5 no. */
static inline unsigned smtp_reply_class(const SmtpReply *reply) {
        return reply->code / 100;
}
/* Whether the text contains this, without regard to case. */
bool smtp_reply_says(const SmtpReply *reply, const char *words);
/* "535 5.7.8 text", on one line. */
void smtp_reply_print(const SmtpReply *reply, char *ret, size_t size);
