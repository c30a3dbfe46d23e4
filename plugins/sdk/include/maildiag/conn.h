/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The connection of a probe: lines out, lines and literals in, TLS in between.
 *
 * There is one connection per probe.  Commands are queued and leave when the next line is read, so a plugin
 * pipelines by writing several commands before it reads.  Deadlines are not the plugin's: the runner sets one
 * per step, from the step's stage.  All lengths are bytes.
 *
 * Errors that reading and writing return:
 *   -ETIMEDOUT   nothing more came before the deadline
 *   -ETIME       something came, but no whole line
 *   -ENODATA     the peer closed the connection in order
 *   -ECONNRESET  the peer reset it
 *   -EMSGSIZE    a line longer than MD_LINE_MAX
 *   -EOVERFLOW   more than MD_INPUT_MAX in the whole dialogue
 *   -EBADMSG     a TLS record that cannot be deciphered, or a TLS stream that ends without close_notify
 *   -EPROTO      the step raised a finding itself and cannot go on
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/probe.h>

#define MD_LINE_MAX (64u * 1024u)       /* longest line read */
#define MD_INPUT_MAX (1024u * 1024u)    /* most bytes read in one dialogue */
#define MD_REPLY_LINES_MAX 512u         /* most lines in one reply; counted by the plugin, see md_too_many_lines() */

/* ---- steps that every endpoint plugin begins with ---- */

/* Connects to the target: every address, both families, tried as RFC 8305 says, each reported as "attempt". */
int md_step_connect(MdProbe *probe, void *state);
/* Implicit TLS; MD_SKIP when the security is another.  Certificate faults are findings, yet the dialogue goes on
 * (without login).  A peer that answers in clear text is classified: "port.expects-starttls",
 * "port.other-protocol", "port.http". */
int md_step_tls(MdProbe *probe, void *state);

/* Reads the first line of the server, MD_NEXT when it may be one of this protocol.  Silence is cleared up with a
 * second connection ("port.expects-implicit-tls"); greetings of other protocols are told by name. */
int md_read_greeting(MdProbe *probe, const char **ret_line, size_t *ret_length);

/* Upgrades the connection after the server agreed to STARTTLS.  Bytes that came with the agreement are
 * "security.starttls-injection" (RFC 3207 section 6 forgets them; a client that kept them would be attacked). */
int md_start_tls(MdProbe *probe);
/* Whether TLS is up, whatever its certificate. */
bool md_is_encrypted(const MdProbe *probe);

/* ---- words out ---- */

/* Queues one command; CR LF is added.  A CR, LF or NUL in it is refused with -EINVAL. */
int md_send(MdProbe *probe, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How md_send_secret() writes the secret. */
typedef enum MdSecretForm {
        MD_SECRET_RAW,                  /* as it is (POP3 PASS) */
        MD_SECRET_QUOTED,               /* as an IMAP quoted string (RFC 9051 section 4.3) */
} MdSecretForm;

/* Queues `before`, the secret, CR LF.  The only way to send it besides md_sasl_login().  -EACCES unless
 * md_probe_may_login(), or when this dialogue sent it before.  The transcript shows "before ***". */
int md_send_secret(MdProbe *probe, const char *before, MdSecretForm form);
/* Length of the secret in bytes, for an IMAP literal. */
size_t md_secret_length(const MdProbe *probe);
/* Whether the secret may stand in an IMAP quoted string: 7-bit, no CR, LF, NUL. */
bool md_secret_is_quotable(const MdProbe *probe);

/* ---- lines in ---- */

/* Reads one line, CR LF (or the LF or CR that some servers send, noted as "protocol.bad-line-ends") taken off.
 * The text is NUL-terminated (NULs in it are noted as "protocol.nul-byte") and valid until the next read. */
int md_read_line(MdProbe *probe, const char **ret_line, size_t *ret_length);
/* The same for a line of somebody's mail: no transcript and no evidence shows it. */
int md_read_private_line(MdProbe *probe, const char **ret_line, size_t *ret_length);
/* Reads exactly `length` bytes (an IMAP literal), NUL-terminated, valid until the next read.  -EMSGSIZE above
 * MD_LINE_MAX, before anything is allocated. */
int md_read_bytes(MdProbe *probe, size_t length, const char **ret_bytes);
/* Bytes that came in and were not read yet; does not wait. */
size_t md_unread(MdProbe *probe);
/* Before a command in a protocol where the server speaks only when spoken to (SMTP, POP3): anything unread is
 * "security.unsolicited-reply".  Returns 0 or -EPROTO. */
int md_expect_silence(MdProbe *probe);

/* Reports "protocol.too-many-lines" / "protocol.bad-reply" with the line as evidence; returns -EPROTO. */
int md_too_many_lines(MdProbe *probe);
int md_bad_reply(MdProbe *probe, const char *line);

/* Bytes that can leave without waiting, for "send.timeout": every queued command counts against it. */
int md_flush(MdProbe *probe);
