/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The codec of records.
 *
 * Wire form: version, length and text of the kind, number of fields; then per field the length and text of the
 * key, the type, a 32-bit little-endian length and that many bytes.  A number is 8 bytes, a truth 1, a list its
 * texts each with a 32-bit length in front.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "record.h"
#include "text.h"

#define RECORD_VERSION 1
#define FIELDS_STEP 8u                  /* most records need no more */

static bool key_is_valid(const char *key, size_t length) {
        if (length == 0 || length > MD_RECORD_KEY_MAX)
                return false;
        for (size_t i = 0; i < length; i++)
                if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", key[i]) || !key[i])
                        return false;
        return true;
}

static void list_free(const char *const *list) {
        for (size_t i = 0; list && list[i]; i++)
                free((char *) list[i]);
        free((void *) list);
}

static void field_done(MdField *field) {
        free((char *) field->key);
        if (field->type == 's')
                free((char *) field->text);
        else if (field->type == 'l')
                list_free(field->list);
}

void md_record_init(MdRecord *record, const char *kind) {
        memset(record, 0, sizeof(*record));
        strncpy(record->kind, kind, MD_RECORD_KEY_MAX);
}

void md_record_done(MdRecord *record) {
        if (!record)
                return;
        for (size_t i = 0; i < record->n_fields; i++)
                field_done(&record->fields[i]);
        free(record->fields);
        record->fields = NULL;
        record->n_fields = 0;
}

/* Takes over a field, or releases it when there is no memory for it. */
static int append_field(MdRecord *record, MdField *field) {
        if (record->n_fields % FIELDS_STEP == 0) {
                MdField *larger = reallocarray(record->fields, record->n_fields + FIELDS_STEP, sizeof(MdField));
                if (!larger) {
                        field_done(field);
                        return -ENOMEM;
                }
                record->fields = larger;
        }
        record->fields[record->n_fields++] = *field;
        return 0;
}

static char **list_copy(const char *const *list) {
        size_t n = 0;
        while (list[n])
                n++;
        char **copy = calloc(n + 1, sizeof(char *));
        if (!copy)
                return NULL;
        for (size_t i = 0; i < n; i++) {
                copy[i] = strdup(list[i]);
                if (!copy[i]) {
                        list_free((const char *const *) copy);
                        return NULL;
                }
        }
        return copy;
}

int md_record_add(MdRecord *record, const MdField *field) {
        if (!field->key || !key_is_valid(field->key, strlen(field->key)))
                return -EINVAL;
        if ((field->type == 's' && !field->text) || (field->type == 'l' && !field->list))
                return 0;
        if (!strchr("subl", field->type) || !field->type || md_record_get(record, field->key))
                return -EINVAL;
        if (record->n_fields == MD_RECORD_FIELDS_MAX)
                return -E2BIG;

        MdField copy = { .type = field->type };
        if (field->type == 's')
                copy.text = strdup(field->text);
        else if (field->type == 'l')
                copy.list = (const char *const *) list_copy(field->list);
        else
                copy.number = field->type == 'b' ? !!field->number : field->number;
        copy.key = strdup(field->key);
        if (!copy.key || ((field->type == 's' || field->type == 'l') && !copy.text)) {
                field_done(&copy);
                return -ENOMEM;
        }
        return append_field(record, &copy);
}

int md_record_add_all(MdRecord *record, const MdField *fields) {
        for (; fields && fields->key; fields++) {
                int r = md_record_add(record, fields);
                if (r < 0)
                        return r;
        }
        return 0;
}

const MdField *md_record_get(const MdRecord *record, const char *key) {
        for (size_t i = 0; i < record->n_fields; i++)
                if (!strcmp(record->fields[i].key, key))
                        return &record->fields[i];
        return NULL;
}

const char *md_record_text(const MdRecord *record, const char *key) {
        const MdField *field = md_record_get(record, key);
        return field && field->type == 's' ? field->text : NULL;
}

uint64_t md_record_number(const MdRecord *record, const char *key, uint64_t fallback) {
        const MdField *field = md_record_get(record, key);
        return field && field->type == 'u' ? field->number : fallback;
}

bool md_record_truth(const MdRecord *record, const char *key) {
        const MdField *field = md_record_get(record, key);
        return field && field->type == 'b' && field->number;
}

const char *const *md_record_list(const MdRecord *record, const char *key) {
        const MdField *field = md_record_get(record, key);
        return field && field->type == 'l' ? field->list : NULL;
}

/* ---- writing ---- */

typedef struct Writer {
        uint8_t *at;
        size_t left;
        bool full;
} Writer;

static void put(Writer *writer, const void *bytes, size_t size) {
        if (size > writer->left) {
                writer->full = true;
                return;
        }
        memcpy(writer->at, bytes, size);
        writer->at += size;
        writer->left -= size;
}

static void put_byte(Writer *writer, uint8_t byte) {
        put(writer, &byte, 1);
}

static void put_length(Writer *writer, size_t length) {
        uint8_t bytes[4] = { length, length >> 8, length >> 16, length >> 24 };
        put(writer, bytes, sizeof(bytes));
}

static void put_name(Writer *writer, const char *name) {
        size_t length = strlen(name);
        put_byte(writer, length);
        put(writer, name, length);
}

static void put_list(Writer *writer, const char *const *list) {
        size_t total = 0;
        for (size_t i = 0; list[i]; i++)
                total += 4 + strlen(list[i]);
        put_length(writer, total);
        for (size_t i = 0; list[i]; i++) {
                put_length(writer, strlen(list[i]));
                put(writer, list[i], strlen(list[i]));
        }
}

static void put_number(Writer *writer, uint64_t number) {
        uint8_t bytes[8];
        for (size_t i = 0; i < sizeof(bytes); i++)
                bytes[i] = number >> (8 * i);
        put_length(writer, sizeof(bytes));
        put(writer, bytes, sizeof(bytes));
}

static void put_field(Writer *writer, const MdField *field) {
        put_name(writer, field->key);
        put_byte(writer, field->type);
        switch (field->type) {
        case 's':
                put_length(writer, strlen(field->text));
                put(writer, field->text, strlen(field->text));
                break;
        case 'u':
                put_number(writer, field->number);
                break;
        case 'b':
                put_length(writer, 1);
                put_byte(writer, field->number);
                break;
        case 'l':
                put_list(writer, field->list);
                break;
        }
}

int md_record_encode(const MdRecord *record, void *buffer, size_t size) {
        Writer writer = { .at = buffer, .left = size };

        put_byte(&writer, RECORD_VERSION);
        put_name(&writer, record->kind);
        put_byte(&writer, record->n_fields);
        for (size_t i = 0; i < record->n_fields; i++)
                put_field(&writer, &record->fields[i]);
        return writer.full ? -E2BIG : (int) (size - writer.left);
}

/* ---- reading ---- */

typedef struct Reader {
        const uint8_t *at;
        size_t left;
} Reader;

static const uint8_t *take(Reader *reader, size_t size) {
        if (size > reader->left)
                return NULL;
        const uint8_t *bytes = reader->at;
        reader->at += size;
        reader->left -= size;
        return bytes;
}

static bool take_length(Reader *reader, size_t *ret) {
        const uint8_t *bytes = take(reader, 4);
        if (!bytes)
                return false;
        *ret = bytes[0] | (size_t) bytes[1] << 8 | (size_t) bytes[2] << 16 | (size_t) bytes[3] << 24;
        return true;
}

static bool take_name(Reader *reader, char ret[static MD_RECORD_KEY_MAX + 1]) {
        const uint8_t *length = take(reader, 1);
        const uint8_t *name = length ? take(reader, *length) : NULL;
        if (!name || !key_is_valid((const char *) name, *length))
                return false;
        memcpy(ret, name, *length);
        ret[*length] = '\0';
        return true;
}

/* Texts are NUL-free UTF-8; whether they are harmless is for whoever shows them. */
static bool text_is_valid(const uint8_t *bytes, size_t length) {
        for (size_t i = 0; i < length;) {
                uint32_t c;
                size_t n = md_utf8_decode((const char *) bytes + i, length - i, &c);
                if (n == 0 || c == 0)
                        return false;
                i += n;
        }
        return true;
}

static char *take_text(Reader *reader) {
        size_t length;
        if (!take_length(reader, &length))
                return NULL;
        const uint8_t *bytes = take(reader, length);
        if (!bytes || !text_is_valid(bytes, length))
                return NULL;
        return strndup((const char *) bytes, length);
}

static bool take_number(Reader *reader, size_t size, uint64_t *ret) {
        size_t length;
        const uint8_t *bytes = take_length(reader, &length) && length == size ? take(reader, size) : NULL;
        if (!bytes)
                return false;
        *ret = 0;
        for (size_t i = 0; i < size; i++)
                *ret |= (uint64_t) bytes[i] << (8 * i);
        return true;
}

static char **take_list(Reader *reader) {
        size_t length, n = 0;
        if (!take_length(reader, &length))
                return NULL;
        Reader items = { .left = length, .at = take(reader, length) };
        if (!items.at)
                return NULL;

        char **list = calloc(1, sizeof(char *));
        while (list && items.left > 0) {
                char **larger = n < MD_RECORD_LIST_MAX ? reallocarray(list, n + 2, sizeof(char *)) : NULL;
                if (larger) {
                        list = larger;
                        list[n] = take_text(&items);
                        list[n + 1] = NULL;
                }
                if (!larger || !list[n]) {
                        list_free((const char *const *) list);
                        return NULL;
                }
                n++;
        }
        return list;
}

static int take_field(Reader *reader, MdRecord *record) {
        char key[MD_RECORD_KEY_MAX + 1];
        if (!take_name(reader, key) || md_record_get(record, key))
                return -EBADMSG;
        const uint8_t *type = take(reader, 1);
        if (!type)
                return -EBADMSG;

        MdField field = { .type = *type };
        bool ok = false;
        switch (*type) {
        case 's':
                ok = (field.text = take_text(reader));
                break;
        case 'l':
                ok = (field.list = (const char *const *) take_list(reader));
                break;
        case 'u':
                ok = take_number(reader, 8, &field.number);
                break;
        case 'b':
                ok = take_number(reader, 1, &field.number) && field.number <= 1;
                break;
        }
        if (!ok)
                return -EBADMSG;
        field.key = strdup(key);
        if (!field.key) {
                field_done(&field);
                return -ENOMEM;
        }
        return append_field(record, &field);
}

static int take_record(Reader *reader, MdRecord *record) {
        const uint8_t *version = take(reader, 1);
        if (!version || *version != RECORD_VERSION || !take_name(reader, record->kind))
                return -EBADMSG;
        const uint8_t *n_fields = take(reader, 1);
        if (!n_fields || *n_fields > MD_RECORD_FIELDS_MAX)
                return -EBADMSG;
        for (size_t i = 0; i < *n_fields; i++) {
                int r = take_field(reader, record);
                if (r < 0)
                        return r;
        }
        return 0;
}

int md_record_decode_first(const void *buffer, size_t size, MdRecord *ret) {
        Reader reader = { .at = buffer, .left = size };

        md_record_init(ret, "");
        int r = take_record(&reader, ret);
        if (r < 0) {
                md_record_done(ret);
                return r;
        }
        return (int) (size - reader.left);
}

int md_record_decode(const void *buffer, size_t size, MdRecord *ret) {
        int length = md_record_decode_first(buffer, size, ret);
        if (length < 0)
                return length;
        if ((size_t) length < size) {
                md_record_done(ret);
                return -EBADMSG;
        }
        return 0;
}

/* ---- socket ---- */

typedef union FdControl {
        struct cmsghdr header;
        char space[CMSG_SPACE(MD_RECORD_FDS_MAX * sizeof(int))];
} FdControl;

int md_record_send(int socket, const MdRecord *record, const int *fds, size_t n_fds) {
        static _Thread_local uint8_t buffer[MD_RECORD_MAX];
        FdControl control = { 0 };

        int length = md_record_encode(record, buffer, sizeof(buffer));
        if (length < 0)
                return length;
        if (n_fds > MD_RECORD_FDS_MAX)
                return -E2BIG;

        struct iovec part = { .iov_base = buffer, .iov_len = length };
        struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
        if (n_fds > 0) {
                message.msg_control = &control;
                message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
                struct cmsghdr *header = CMSG_FIRSTHDR(&message);
                header->cmsg_level = SOL_SOCKET;
                header->cmsg_type = SCM_RIGHTS;
                header->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
                memcpy(CMSG_DATA(header), fds, n_fds * sizeof(int));
        }
        while (sendmsg(socket, &message, MSG_NOSIGNAL) < 0)
                if (errno != EINTR)
                        return -errno;
        return 0;
}

/* Moves the descriptors of a message to `fds`; returns how many there are. */
static size_t take_fds(struct msghdr *message, int *fds) {
        size_t n = 0;
        for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
                if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
                        continue;
                size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
                for (size_t i = 0; i < count; i++) {
                        int fd;
                        memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(fd));
                        if (n < MD_RECORD_FDS_MAX)
                                fds[n++] = fd;
                        else
                                close(fd);
                }
        }
        return n;
}

int md_record_receive(int socket, MdRecord *ret, int *fds, size_t *ret_n_fds) {
        static _Thread_local uint8_t buffer[MD_RECORD_MAX];
        FdControl control;
        int received[MD_RECORD_FDS_MAX];
        struct iovec part = { .iov_base = buffer, .iov_len = sizeof(buffer) };
        struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
                                  .msg_control = &control, .msg_controllen = sizeof(control) };

        ssize_t length;
        while ((length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT)) < 0)
                if (errno != EINTR)
                        return -errno;
        size_t n_fds = take_fds(&message, received);

        int r = 0;
        if (length > 0)
                r = message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -EBADMSG : md_record_decode(buffer, length, ret);
        if (r < 0 || length == 0 || (n_fds > 0 && !fds)) {
                if (r == 0 && length > 0)
                        md_record_done(ret);
                for (size_t i = 0; i < n_fds; i++)
                        close(received[i]);
                return length == 0 ? 0 : r < 0 ? r : -EBADMSG;
        }
        if (n_fds > 0)
                memcpy(fds, received, n_fds * sizeof(int));
        if (ret_n_fds)
                *ret_n_fds = n_fds;
        return 1;
}
