/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which protocol the first bytes of a server belong to. */

#include <stddef.h>

typedef enum MdSpeech {
        MD_SPEECH_UNKNOWN,
        MD_SPEECH_SMTP,
        MD_SPEECH_IMAP,
        MD_SPEECH_POP3,
        MD_SPEECH_SIEVE,
        MD_SPEECH_HTTP,
        MD_SPEECH_SSH,
        MD_SPEECH_FTP,
        MD_SPEECH_NNTP,
        MD_SPEECH_TLS,
        MD_SPEECH_TLS_ALERT,
} MdSpeech;

/* Tells by the first line, or the first three bytes of a TLS record. */
MdSpeech md_classify(const char *bytes, size_t size);
/* Word of a protocol: "smtp", "tls-alert"; NULL for unknown. */
const char *md_speech_word(MdSpeech speech);
/* The protocol that a word means; unknown when it is none of these. */
MdSpeech md_speech_from_word(const char *word);
