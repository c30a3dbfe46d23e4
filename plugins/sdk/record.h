/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Records: the messages between daemon, worker and probe, in datagrams of a SOCK_SEQPACKET socket: one in each, or
 * several (see batch.h).
 *
 * A record is a kind and a list of named, typed fields.  Kinds and keys are [a-z0-9-]; texts are UTF-8.  The
 * reader trusts nothing: every length is checked, and a record that breaks a rule is refused as a whole.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <maildiag/probe.h>

#define MD_RECORD_MAX (64u * 1024u)     /* bytes of one record */
#define MD_RECORD_FIELDS_MAX 64u
#define MD_RECORD_LIST_MAX 1024u        /* texts in one list */
#define MD_RECORD_KEY_MAX 31u

/* Owns its texts.  Initialise with md_record_init(), release with md_record_done(). */
typedef struct MdRecord {
        char kind[MD_RECORD_KEY_MAX + 1];
        size_t n_fields;
        MdField *fields;
} MdRecord;

void md_record_init(MdRecord *record, const char *kind);
void md_record_done(MdRecord *record);

/* Adds a copy of a field; a NULL text or list is left out.  Returns 0, -EINVAL for a bad key, type or a key that
 * is there already, -E2BIG when full, -ENOMEM. */
int md_record_add(MdRecord *record, const MdField *field);
/* Adds fields up to the one without a key. */
int md_record_add_all(MdRecord *record, const MdField *fields);

/* Look-ups by key and type; NULL, fallback or false when absent or of another type. */
const MdField *md_record_get(const MdRecord *record, const char *key);
const char *md_record_text(const MdRecord *record, const char *key);
uint64_t md_record_number(const MdRecord *record, const char *key, uint64_t fallback);
bool md_record_truth(const MdRecord *record, const char *key);
const char *const *md_record_list(const MdRecord *record, const char *key);

/* Writes the wire form.  Returns its length, or -E2BIG when it does not fit. */
int md_record_encode(const MdRecord *record, void *buffer, size_t size);
/* Reads the wire form into an uninitialised record.  Returns 0, -EBADMSG for anything that is not exactly a
 * record, -ENOMEM. */
int md_record_decode(const void *buffer, size_t size, MdRecord *ret);
/* Reads the record at the beginning of what may be several.  Returns its length, -EBADMSG, -ENOMEM. */
int md_record_decode_first(const void *buffer, size_t size, MdRecord *ret);

/* Sends one record with n_fds descriptors (at most MD_RECORD_FDS_MAX).  Returns 0 or -errno; never SIGPIPE. */
#define MD_RECORD_FDS_MAX 8u
int md_record_send(int socket, const MdRecord *record, const int *fds, size_t n_fds);
/* Receives one.  Returns 1, 0 on end of file, -EAGAIN, -EBADMSG (descriptors that came along are closed) or
 * another -errno.  `fds` has room for MD_RECORD_FDS_MAX; NULL: none are accepted. */
int md_record_receive(int socket, MdRecord *ret, int *fds, size_t *ret_n_fds);
