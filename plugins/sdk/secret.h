/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The secret of a probe: read once, from a descriptor, into one locked page that no core dump holds; and the hunt for
 * it in everything that leaves the process.
 */

#include <stdbool.h>
#include <stddef.h>

typedef struct MdSecret MdSecret;

#define MD_SECRET_MAX (16u * 1024u)

/*
 * Reads a password or token: a regular file or memory file from its start (with pread, so that many probes can share
 * the descriptor), a pipe to its end.  Waits at most 2 s, never maps the file, drops one newline at the end.  Closes
 * nothing.  Returns 0, or -EINVAL with a reason for a person ("is a directory", "is empty", "stays silent",
 * "is larger than 16 KiB", "cannot be read: …"), -ENOMEM.
 */
int md_secret_new(int fd, MdSecret **ret, const char **ret_reason);
/* Wipes and frees; returns NULL. */
MdSecret *md_secret_free(MdSecret *secret);

const char *md_secret_bytes(const MdSecret *secret);
size_t md_secret_size(const MdSecret *secret);

/* What is odd about it ("a space at its end", "an invisible character", "a character outside ASCII"), or NULL. */
const char *md_secret_oddity(const MdSecret *secret);
/* Whether it holds CR, LF or NUL, which no protocol can carry. */
bool md_secret_has_control(const MdSecret *secret);

/*
 * Overwrites with '*' every place of `text` (size bytes, in place) that shows the secret: as it is, in base64 (alone,
 * as "\0user\0secret" and "user\0user\0secret"), hexadecimal, percent-encoded, as an IMAP quoted string, UTF-16LE, without regard to
 * case where the encoding has none.  Secrets shorter than 4 bytes are sought in whole words only.  `user` may be
 * NULL.  Returns how many places.
 */
size_t md_secret_redact(const MdSecret *secret, const char *user, char *text, size_t size);
