/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The lines that a POP3 server says (RFC 1939, 2449), without I/O. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POP3_TEXT_SIZE 512u
#define POP3_CODE_SIZE 32u
#define POP3_UID_SIZE 71u               /* RFC 1939 section 7: at most 70 characters */

typedef enum Pop3Status {
        POP3_OK,                        /* "+OK" */
        POP3_ERR,                       /* "-ERR" */
        POP3_CONTINUE,                  /* "+": a challenge (RFC 5034) */
} Pop3Status;

typedef struct Pop3Reply {
        Pop3Status status;
        char code[POP3_CODE_SIZE];      /* "SYS/TEMP", without brackets; "" for none (RFC 2449 section 8) */
        char text[POP3_TEXT_SIZE];      /* what follows, cut to size */
        char line[POP3_TEXT_SIZE];      /* the whole of it, cut to size */
} Pop3Reply;

/* Returns 0, or -EBADMSG for anything but a status line. */
int pop3_reply_parse(const char *line, Pop3Reply *ret);
/* The text behind "+" or "+OK" of a line that was parsed, as long as it is. */
const char *pop3_reply_rest(const char *line);

/* Whether the greeting holds a timestamp for APOP (RFC 1939 section 7). */
bool pop3_has_timestamp(const char *greeting);
/* Whether a firewall has starred the greeting out. */
bool pop3_is_starred(const char *greeting);

/* "+OK 7 1800662": the drop listing of STAT.  Returns 0 or -EBADMSG. */
int pop3_stat_parse(const char *text, uint64_t *ret_messages, uint64_t *ret_octets);
/* "+OK 1 whqtswO00WBw418f9t5JxYwZ": the answer to UIDL with a number.  Returns 0 or -EBADMSG. */
int pop3_uidl_parse(const char *text, uint64_t number, char ret_uid[static POP3_UID_SIZE]);

/* Lines of a list: whether this one ends it, and the line without the dot that was put before a dot. */
bool pop3_ends_list(const char *line);
const char *pop3_unstuff(const char *line);
