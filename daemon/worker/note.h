/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The ELF note of a plugin: what it was built for, read from the bytes of the file before any of its code
 * runs.
 *
 * Bytes in, struct out: no file is opened and nothing is mapped here.  Only the program headers count, since
 * they are what the dynamic linker goes by; section headers are for other tools, and may be stripped.
 */

#include <stddef.h>
#include <stdint.h>

typedef enum NoteOutcome {
        NOTE_OK,
        NOTE_NOT_ELF,                   /* no ELF file at all */
        NOTE_FOREIGN,                   /* for another machine, word size or byte order */
        NOTE_NOT_SHARED,                /* an ELF file, but no shared object */
        NOTE_TRUNCATED,                 /* headers or segments reach beyond the end of the file */
        NOTE_ABSENT,                    /* a shared object that is no plugin */
        NOTE_MALFORMED,                 /* a note of ours with another shape */
        NOTE_TWICE,                     /* more than one note of ours */
        _NOTE_OUTCOME_MAX,
} NoteOutcome;

typedef struct Note {
        uint32_t abi_major, abi_minor;
        uint32_t plugin_size;           /* size of the descriptor */
        char name[32];                  /* [a-z0-9-]{1,31} */
} Note;

/* Reads the note from the bytes of a file; `ret` is written for NOTE_OK only. */
NoteOutcome note_read(const void *bytes, size_t size, Note *ret);

/* What the outcome means, to follow the name of a file: "is no plugin: it has no note of maildiag". */
const char *note_outcome_to_string(NoteOutcome outcome);
