/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The note of a plugin, out of hostile bytes.  Every image lies right before a page that cannot be read, so
 * that a look beyond its end is a crash in any build.
 */

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "note.h"

#include <maildiag/plugin.h>

/* A plugin as small as the reader lets it be: header, two program headers, the segments. */
typedef struct Image {
        ElfW(Ehdr) header;
        ElfW(Phdr) segments[2];
        struct {
                ElfW(Nhdr) header;
                char owner[4];
                char description[8];
        } build_id;
        MdPluginNote note;
        MdPluginNote second;
} Image;

static Image image_new(void) {
        Image image = {
                .header = {
                        .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, 0, 0, EV_CURRENT },
                        .e_type = ET_DYN,
                        .e_phoff = offsetof(Image, segments),
                        .e_phentsize = sizeof(ElfW(Phdr)),
                        .e_phnum = 2,
                },
                .segments = {
                        { .p_type = PT_LOAD, .p_filesz = offsetof(Image, second) },
                        { .p_type = PT_NOTE, .p_align = 4, .p_offset = offsetof(Image, build_id),
                          .p_filesz = offsetof(Image, second) - offsetof(Image, build_id) },
                },
                .build_id = { { 4, 8, NT_GNU_BUILD_ID }, "GNU", "12345678" },
                .note = {
                        .namesz = sizeof(MD_PLUGIN_NOTE_OWNER),
                        .descsz = sizeof(MdPluginNote) - offsetof(MdPluginNote, abi_major),
                        .type = MD_PLUGIN_NOTE_TYPE,
                        .owner = MD_PLUGIN_NOTE_OWNER,
                        .abi_major = 3, .abi_minor = 7, .plugin_size = 99, .name = "echo",
                },
        };
        extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
        image.header.e_ident[EI_CLASS] = __ehdr_start.e_ident[EI_CLASS];
        image.header.e_ident[EI_DATA] = __ehdr_start.e_ident[EI_DATA];
        image.header.e_machine = __ehdr_start.e_machine;
        image.second = image.note;
        return image;
}

#define ROOM (1024u * 1024u)

/* Where `size` bytes end at the page that cannot be read. */
static uint8_t *place(const void *bytes, size_t size) {
        static uint8_t *room;
        if (!room) {
                room = mmap(NULL, ROOM + 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                ck_assert(room != MAP_FAILED);
                ck_assert_int_eq(mprotect(room + ROOM, 65536, PROT_NONE), 0);
        }
        ck_assert_uint_le(size, ROOM);
        uint8_t *at = room + ROOM - size;
        memcpy(at, bytes, size);
        return at;
}

static NoteOutcome read_image(const void *bytes, size_t size, Note *ret) {
        return note_read(place(bytes, size), size, ret);
}

START_TEST(whole) {
        Image image = image_new();
        Note note;
        ck_assert_int_eq(read_image(&image, sizeof(image), &note), NOTE_OK);
        ck_assert_str_eq(note.name, "echo");
        ck_assert_uint_eq(note.abi_major, 3);
        ck_assert_uint_eq(note.abi_minor, 7);
        ck_assert_uint_eq(note.plugin_size, 99);
}
END_TEST

/* What one lie makes of it: `size` bytes at `offset` are replaced by `value`. */
static const struct {
        const char *name;
        size_t offset, size;
        uint64_t value;
        NoteOutcome outcome;
} lies[] = {
#define LIE(member, value, outcome) \
        { #member " = " #value, offsetof(Image, member), sizeof(((Image *) NULL)->member), (value), outcome }
        LIE(header.e_ident[0], 0, NOTE_NOT_ELF),
        LIE(header.e_ident[EI_CLASS], ELFCLASSNONE, NOTE_FOREIGN),
        LIE(header.e_ident[EI_CLASS], sizeof(void *) == 8 ? ELFCLASS32 : ELFCLASS64, NOTE_FOREIGN),
        LIE(header.e_ident[EI_DATA], 3, NOTE_FOREIGN),
        LIE(header.e_ident[EI_VERSION], 2, NOTE_FOREIGN),
        LIE(header.e_machine, EM_SPARC, NOTE_FOREIGN),
        LIE(header.e_machine, 0xffff, NOTE_FOREIGN),
        LIE(header.e_type, ET_EXEC, NOTE_NOT_SHARED),
        LIE(header.e_type, ET_REL, NOTE_NOT_SHARED),
        LIE(header.e_type, ET_CORE, NOTE_NOT_SHARED),
        LIE(header.e_phentsize, 1, NOTE_NOT_SHARED),
        LIE(header.e_phentsize, 0, NOTE_NOT_SHARED),
        LIE(header.e_phnum, PN_XNUM, NOTE_NOT_SHARED),
        LIE(header.e_phnum, 0, NOTE_ABSENT),
        LIE(header.e_phnum, 0xfffe, NOTE_TRUNCATED),
        LIE(header.e_phoff, UINT64_MAX, NOTE_TRUNCATED),
        LIE(header.e_phoff, UINT64_MAX - 112 + 1, NOTE_TRUNCATED),
        LIE(header.e_phoff, sizeof(Image), NOTE_TRUNCATED),
        LIE(segments[0].p_filesz, UINT64_MAX, NOTE_TRUNCATED),
        LIE(segments[0].p_offset, UINT64_MAX, NOTE_TRUNCATED),
        LIE(segments[0].p_filesz, 1u << 30, NOTE_TRUNCATED),
        LIE(segments[1].p_type, PT_NULL, NOTE_ABSENT),
        LIE(segments[1].p_filesz, 0, NOTE_ABSENT),
        LIE(segments[1].p_filesz, 5, NOTE_TRUNCATED),
        LIE(segments[1].p_filesz, sizeof(((Image *) NULL)->build_id) + 20, NOTE_TRUNCATED),
        LIE(segments[1].p_filesz, sizeof(((Image *) NULL)->build_id) + 30, NOTE_TRUNCATED),
        LIE(segments[1].p_filesz, UINT64_MAX, NOTE_TRUNCATED),
        LIE(segments[1].p_filesz, sizeof(Image) - offsetof(Image, build_id), NOTE_TWICE),
        LIE(segments[1].p_offset, UINT64_MAX - 8, NOTE_TRUNCATED),
        LIE(segments[1].p_align, 0, NOTE_OK),
        LIE(segments[1].p_align, 3, NOTE_OK),
        LIE(segments[1].p_align, UINT64_MAX, NOTE_OK),
        LIE(build_id.header.n_namesz, UINT32_MAX, NOTE_TRUNCATED),
        LIE(build_id.header.n_descsz, UINT32_MAX, NOTE_TRUNCATED),
        LIE(build_id.header.n_descsz, UINT32_MAX - 3, NOTE_TRUNCATED),
        LIE(note.namesz, 8, NOTE_TRUNCATED),
        LIE(note.namesz, 10, NOTE_ABSENT),
        LIE(note.descsz, 0, NOTE_MALFORMED),
        LIE(note.descsz, UINT32_MAX, NOTE_TRUNCATED),
        LIE(note.type, 2, NOTE_ABSENT),
        LIE(note.owner[0], 'M', NOTE_ABSENT),
        LIE(note.owner[8], 'x', NOTE_ABSENT),
        LIE(note.name[0], 0, NOTE_MALFORMED),
        LIE(note.name[0], '/', NOTE_MALFORMED),
        LIE(note.name[1], '\n', NOTE_MALFORMED),
        LIE(note.name[1], 'E', NOTE_MALFORMED),
        LIE(note.abi_major, UINT32_MAX, NOTE_OK),
};

START_TEST(lie) {
        Image image = image_new();
        Note note;
        memcpy((uint8_t *) &image + lies[_i].offset, &lies[_i].value, lies[_i].size);
        NoteOutcome outcome = read_image(&image, sizeof(image), &note);
        ck_assert_msg(outcome == lies[_i].outcome, "%s: %s", lies[_i].name, note_outcome_to_string(outcome));
}
END_TEST

START_TEST(name_without_end) {
        Image image = image_new();
        Note note;
        memset(image.note.name, 'a', sizeof(image.note.name));
        ck_assert_int_eq(read_image(&image, sizeof(image), &note), NOTE_MALFORMED);
        image.note.name[31] = '\0';
        ck_assert_int_eq(read_image(&image, sizeof(image), &note), NOTE_OK);
        ck_assert_uint_eq(strlen(note.name), 31);
}
END_TEST

/* Notes padded to eight bytes, as 64-bit property notes are. */
START_TEST(aligned_to_eight) {
        struct {
                Image image;
                struct {
                        ElfW(Nhdr) header;
                        char owner[4], description[4], padding[4];
                } property;
                MdPluginNote note;
        } wide = { .image = image_new(), .property = { { 4, 4, 5 }, "GNU", "1234", "" } };
        Note note;
        wide.note = wide.image.note;
        wide.image.segments[1] = (ElfW(Phdr)) { .p_type = PT_NOTE, .p_align = 8,
                                                .p_offset = sizeof(Image),
                                                .p_filesz = sizeof(wide.property) + sizeof(wide.note) };
        /* Owner of nine bytes after a header of twelve: padded to 24 with either alignment. */
        ck_assert_int_eq(read_image(&wide, sizeof(wide), &note), NOTE_OK);
}
END_TEST

/* ---- a real plugin ---- */

static uint8_t real[ROOM];
static size_t real_size;

static void real_load(void) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/variant-right.so", getenv("MAILDIAG_TEST_PLUGINS"));
        FILE *file = fopen(path, "re");
        ck_assert_ptr_nonnull(file);
        real_size = fread(real, 1, sizeof(real), file);
        ck_assert_uint_gt(real_size, sizeof(ElfW(Ehdr)));
        ck_assert_uint_lt(real_size, sizeof(real));
        fclose(file);
}

/* Up to where the file is needed. */
static size_t real_need(void) {
        const ElfW(Ehdr) *header = (const ElfW(Ehdr) *) real;
        const ElfW(Phdr) *segments = (const ElfW(Phdr) *) (real + header->e_phoff);
        size_t need = header->e_phoff + header->e_phnum * sizeof(*segments);
        for (size_t i = 0; i < header->e_phnum; i++)
                if ((segments[i].p_type == PT_LOAD || segments[i].p_type == PT_NOTE) &&
                    segments[i].p_offset + segments[i].p_filesz > need)
                        need = segments[i].p_offset + segments[i].p_filesz;
        return need;
}

START_TEST(cut_at_every_byte) {
        Note note;
        real_load();
        size_t need = real_need();
        ck_assert_uint_gt(need, 1000);
        for (size_t size = 0; size <= real_size; size++)
                ck_assert_msg((read_image(real, size, &note) == NOTE_OK) == (size >= need), "cut at %zu",
                              size);
        ck_assert_str_eq(note.name, "variant");
}
END_TEST

START_TEST(every_byte_changed) {
        static const uint8_t masks[] = { 0x01, 0x80, 0xff };
        size_t still_read = 0, refused = 0;
        real_load();
        size_t end = real_size < 4096 ? real_size : 4096;
        uint8_t *at = place(real, real_size);
        for (size_t i = 0; i < end * sizeof(masks); i++) {
                Note note;
                at[i % end] ^= masks[i / end];
                if (note_read(at, real_size, &note) == NOTE_OK) {
                        still_read++;
                        ck_assert_uint_le(strlen(note.name), 31);
                        ck_assert(!strpbrk(note.name, "/.\n \\"));
                } else
                        refused++;
                at[i % end] ^= masks[i / end];
        }
        ck_assert_uint_gt(still_read, 0);
        ck_assert_uint_gt(refused, 100);
}
END_TEST

/* Every pair of a program header's fields set to large values at once. */
START_TEST(program_headers_at_random) {
        Image image = image_new();
        uint32_t state = 1;
        for (unsigned round = 0; round < 200000; round++) {
                Image broken = image;
                for (unsigned change = 0; change < 4; change++) {
                        state = state * 1664525 + 1013904223;
                        size_t at = sizeof(ElfW(Ehdr)) + (state >> 8) % (sizeof(Image) - sizeof(ElfW(Ehdr)));
                        ((uint8_t *) &broken)[at] = state >> 3;
                }
                Note note;
                if (read_image(&broken, sizeof(broken), &note) == NOTE_OK)
                        ck_assert_uint_le(strlen(note.name), 31);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("note");
        TCase *tcase = tcase_create("note");
        tcase_set_timeout(tcase, 120);
        tcase_add_test(tcase, whole);
        tcase_add_loop_test(tcase, lie, 0, sizeof(lies) / sizeof(lies[0]));
        tcase_add_test(tcase, name_without_end);
        tcase_add_test(tcase, aligned_to_eight);
        tcase_add_test(tcase, cut_at_every_byte);
        tcase_add_test(tcase, every_byte_changed);
        tcase_add_test(tcase, program_headers_at_random);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
