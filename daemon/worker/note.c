/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads the ELF note of a plugin.  Every offset and length in the file may be a lie: each is checked against
 * what is left of the bytes before it is used, by subtraction, so that no sum can overflow. */

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>

#include <maildiag/plugin.h>

#include "note.h"

/* The header of the program itself, which the linker provides: whatever it is built for, plugins must be,
 * too. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

typedef struct Span {
        const uint8_t *at;
        size_t size;
} Span;

/* Structures may stand at any address of the file, so they are copied, never cast. */
static bool span_copy(Span span, uint64_t offset, void *ret, size_t size) {
        if (offset > span.size || size > span.size - offset)
                return false;
        memcpy(ret, span.at + offset, size);
        return true;
}

static bool span_cut(Span span, uint64_t offset, uint64_t size, Span *ret) {
        if (offset > span.size || size > span.size - offset)
                return false;
        *ret = (Span) { span.at + offset, size };
        return true;
}

static NoteOutcome header_check(Span file, ElfW(Ehdr) *ret) {
        if (file.size < SELFMAG || memcmp(file.at, ELFMAG, SELFMAG))
                return NOTE_NOT_ELF;
        if (file.size < EI_NIDENT)
                return NOTE_TRUNCATED;
        if (file.at[EI_CLASS] != __ehdr_start.e_ident[EI_CLASS] ||
            file.at[EI_DATA] != __ehdr_start.e_ident[EI_DATA])
                return NOTE_FOREIGN;
        if (!span_copy(file, 0, ret, sizeof(*ret)))
                return NOTE_TRUNCATED;
        if (ret->e_machine != __ehdr_start.e_machine || ret->e_ident[EI_VERSION] != EV_CURRENT)
                return NOTE_FOREIGN;
        /* Extended numbering (PN_XNUM) is for more than 65,534 segments; no plugin has them. */
        if (ret->e_type != ET_DYN || ret->e_phentsize != sizeof(ElfW(Phdr)) || ret->e_phnum == PN_XNUM)
                return NOTE_NOT_SHARED;
        return NOTE_OK;
}

static bool name_is_valid(const char name[static 32]) {
        size_t length = strnlen(name, 32);
        return length > 0 && length < 32 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static bool owner_is_ours(const ElfW(Nhdr) *header, Span name) {
        return header->n_type == MD_PLUGIN_NOTE_TYPE && header->n_namesz == sizeof(MD_PLUGIN_NOTE_OWNER) &&
               !memcmp(name.at, MD_PLUGIN_NOTE_OWNER, sizeof(MD_PLUGIN_NOTE_OWNER));
}

static NoteOutcome description_read(Span description, Note *ret) {
        const size_t begin = offsetof(MdPluginNote, abi_major);
        MdPluginNote note;

        if (description.size != sizeof(note) - begin)
                return NOTE_MALFORMED;
        memcpy((uint8_t *) &note + begin, description.at, description.size);
        if (!name_is_valid(note.name))
                return NOTE_MALFORMED;

        *ret = (Note) { note.abi_major, note.abi_minor, note.plugin_size, { 0 } };
        memcpy(ret->name, note.name, strnlen(note.name, sizeof(ret->name) - 1));
        return NOTE_OK;
}

/* Where what follows `offset` begins: note segments are padded to words of four or eight bytes. */
static uint64_t align_up(uint64_t offset, uint64_t align) {
        return (offset + align - 1) & ~(align - 1);
}

/* Walks the notes of one segment.  Lengths in it have 32 bits, so that a few of them cannot overflow an
 * offset. */
static NoteOutcome segment_read(Span segment, uint64_t align, Note *note, unsigned *found) {
        for (uint64_t at = 0; at < segment.size;) {
                ElfW(Nhdr) header;
                Span name, description;

                if (!span_copy(segment, at, &header, sizeof(header)) ||
                    !span_cut(segment, at + sizeof(header), header.n_namesz, &name))
                        return NOTE_TRUNCATED;
                at = align_up(at + sizeof(header) + header.n_namesz, align);
                if (!span_cut(segment, at, header.n_descsz, &description))
                        return NOTE_TRUNCATED;
                at = align_up(at + header.n_descsz, align);

                if (!owner_is_ours(&header, name))
                        continue;
                if (++*found > 1)
                        return NOTE_TWICE;
                NoteOutcome outcome = description_read(description, note);
                if (outcome != NOTE_OK)
                        return outcome;
        }
        return NOTE_OK;
}

/* A segment that the dynamic linker maps must be in the file, or reading it ends in SIGBUS. */
static NoteOutcome program_header_read(Span file, const ElfW(Phdr) *header, Note *note, unsigned *found) {
        Span segment;

        if (header->p_type != PT_LOAD && header->p_type != PT_NOTE && header->p_type != PT_DYNAMIC)
                return NOTE_OK;
        if (!span_cut(file, header->p_offset, header->p_filesz, &segment))
                return NOTE_TRUNCATED;
        if (header->p_type != PT_NOTE)
                return NOTE_OK;
        return segment_read(segment, header->p_align == 8 ? 8 : 4, note, found);
}

NoteOutcome note_read(const void *bytes, size_t size, Note *ret) {
        Span file = { bytes, size }, table;
        ElfW(Ehdr) header;
        unsigned found = 0;
        Note note = { 0 };

        NoteOutcome outcome = header_check(file, &header);
        if (outcome != NOTE_OK)
                return outcome;
        if (!span_cut(file, header.e_phoff, (uint64_t) header.e_phnum * sizeof(ElfW(Phdr)), &table))
                return NOTE_TRUNCATED;

        for (size_t i = 0; i < header.e_phnum; i++) {
                ElfW(Phdr) program_header;
                span_copy(table, i * sizeof(program_header), &program_header, sizeof(program_header));
                outcome = program_header_read(file, &program_header, &note, &found);
                if (outcome != NOTE_OK)
                        return outcome;
        }
        if (found == 0)
                return NOTE_ABSENT;
        *ret = note;
        return NOTE_OK;
}

const char *note_outcome_to_string(NoteOutcome outcome) {
        static const char *const texts[_NOTE_OUTCOME_MAX] = {
                [NOTE_OK] = "is a plugin",
                [NOTE_NOT_ELF] = "is not a shared object: it is no ELF file",
                [NOTE_FOREIGN] = "is built for another kind of machine",
                [NOTE_NOT_SHARED] = "is not a shared object",
                [NOTE_TRUNCATED] = "is cut short: its headers point beyond its end",
                [NOTE_ABSENT] = "is no plugin: it has no note of maildiag",
                [NOTE_MALFORMED] = "has a note of maildiag that cannot be read",
                [NOTE_TWICE] = "has more than one note of maildiag",
        };
        return texts[outcome];
}
