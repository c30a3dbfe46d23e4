/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define HEADER_SIZE 12u
#define LABEL_MAX 63u
#define WIRE_NAME_MAX 255u

typedef struct Cursor {
        const uint8_t *message;
        size_t size, at;
        bool broken;                    /* something was read beyond the end */
} Cursor;

static unsigned take(Cursor *cursor, size_t bytes) {
        unsigned value = 0;

        if (cursor->size - cursor->at < bytes) {
                cursor->broken = true;
                return 0;
        }
        while (bytes-- > 0)
                value = value << 8 | cursor->message[cursor->at++];
        return value;
}

static void skip(Cursor *cursor, size_t bytes) {
        if (cursor->size - cursor->at < bytes)
                cursor->broken = true;
        else
                cursor->at += bytes;
}

/* Past a name, without following it. */
static void skip_name(Cursor *cursor) {
        unsigned length;

        while ((length = take(cursor, 1)) > 0 && length <= LABEL_MAX)
                skip(cursor, length);
        if (length >= 0xc0)
                skip(cursor, 1);
        else if (length > LABEL_MAX)
                cursor->broken = true;
}

/* ---- names ---- */

static bool is_plain(uint8_t c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static char *print_label(const uint8_t *label, size_t length, char *to) {
        for (size_t i = 0; i < length; i++) {
                uint8_t c = label[i] >= 'A' && label[i] <= 'Z' ? label[i] - 'A' + 'a' : label[i];
                if (is_plain(c))
                        *to++ = (char) c;
                else
                        to += sprintf(to, "\\%03u", c);
        }
        return to;
}

/* Follows a name from `at`; a pointer leads only backwards, so it ends.  Returns 0 or -EBADMSG. */
static int read_name(const uint8_t *message, size_t size, size_t at, char text[static DNS_NAME_SIZE]) {
        char *to = text;
        size_t wire = 1, lowest = at;

        for (;;) {
                if (at >= size)
                        return -EBADMSG;
                unsigned length = message[at++];
                if (length == 0)
                        break;
                if (length >= 0xc0) {
                        size_t target = at < size ? (length & 0x3f) << 8 | message[at] : size;
                        if (target >= lowest)
                                return -EBADMSG;
                        at = lowest = target;
                        continue;
                }
                wire += length + 1;
                if (length > LABEL_MAX || wire > WIRE_NAME_MAX || size - at < length)
                        return -EBADMSG;
                if (to > text)
                        *to++ = '.';
                to = print_label(message + at, length, to);
                at += length;
        }
        strcpy(to, to == text ? "." : "");
        return 0;
}

/* ---- the data of a record ---- */

typedef struct Rdata {
        Cursor cursor;                  /* ends with the data; names may point before it */
        DnsRecord *record;
} Rdata;

static int read_target(Rdata *rdata) {
        char text[DNS_NAME_SIZE];
        Cursor *cursor = &rdata->cursor;

        if (cursor->broken)
                return -EBADMSG;
        int r = read_name(cursor->message, cursor->size, cursor->at, text);
        if (r < 0)
                return r;
        rdata->record->name = strdup(text);
        return rdata->record->name ? 0 : -ENOMEM;
}

static int read_mx(Rdata *rdata) {
        rdata->record->priority = (uint16_t) take(&rdata->cursor, 2);
        return read_target(rdata);
}

static int read_srv(Rdata *rdata) {
        rdata->record->priority = (uint16_t) take(&rdata->cursor, 2);
        rdata->record->weight = (uint16_t) take(&rdata->cursor, 2);
        rdata->record->port = (uint16_t) take(&rdata->cursor, 2);
        return read_target(rdata);
}

static int read_tlsa(Rdata *rdata) {
        Cursor *cursor = &rdata->cursor;

        rdata->record->usage = (uint8_t) take(cursor, 1);
        rdata->record->selector = (uint8_t) take(cursor, 1);
        rdata->record->matching = (uint8_t) take(cursor, 1);
        if (cursor->broken)
                return -EBADMSG;
        rdata->record->size = cursor->size - cursor->at;
        char *data = malloc(rdata->record->size + 1);
        if (!data)
                return -ENOMEM;
        rdata->record->data = data;
        memcpy(data, cursor->message + cursor->at, rdata->record->size);
        data[rdata->record->size] = '\0';
        return 0;
}

static int read_txt(Rdata *rdata) {
        Cursor *cursor = &rdata->cursor;
        char *data = malloc(cursor->size - cursor->at + 1);

        if (!data)
                return -ENOMEM;
        rdata->record->data = data;
        while (cursor->at < cursor->size) {
                unsigned length = take(cursor, 1);
                if (cursor->size - cursor->at < length)
                        return -EBADMSG;
                memcpy(data + rdata->record->size, cursor->message + cursor->at, length);
                rdata->record->size += length;
                cursor->at += length;
        }
        data[rdata->record->size] = '\0';
        return 0;
}

static const struct {
        uint16_t type;
        int (*read)(Rdata *rdata);
} readers[] = {
        { DNS_CNAME, read_target }, { DNS_MX, read_mx }, { DNS_SRV, read_srv }, { DNS_TLSA, read_tlsa }, { DNS_TXT, read_txt },
};

static void record_done(DnsRecord *record) {
        free(record->name);
        free(record->data);
        *record = (DnsRecord) { 0 };
}

/* `cursor` is at the data, `length` bytes of it. */
static int read_data(const Cursor *cursor, size_t length, uint16_t type, DnsRecord *ret) {
        Rdata rdata = { .cursor = *cursor, .record = ret };

        rdata.cursor.size = cursor->at + length;
        for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
                if (readers[i].type == type)
                        return readers[i].read(&rdata);
        return 0;
}

/* ---- the answer ---- */

static int keep(DnsRecords *records, const Cursor *cursor, size_t length, uint16_t type) {
        DnsRecord record = { 0 };

        records->n_seen++;
        if (records->n == DNS_RECORDS_MAX)
                return 0;
        int r = read_data(cursor, length, type, &record);
        if (r == 0) {
                DnsRecord *list = reallocarray(records->list, records->n + 1, sizeof(*list));
                if (list) {
                        records->list = list;
                        list[records->n++] = record;
                        return 0;
                }
                r = -ENOMEM;
        }
        record_done(&record);
        return r == -EBADMSG ? 0 : r;
}

static int read_record(Cursor *cursor, uint16_t wanted, DnsRecords *records) {
        skip_name(cursor);
        unsigned type = take(cursor, 2), class = take(cursor, 2);
        skip(cursor, 4);                /* time to live */
        size_t length = take(cursor, 2);
        if (cursor->broken || cursor->size - cursor->at < length)
                return -EBADMSG;
        int r = type == wanted && class == 1 ? keep(records, cursor, length, wanted) : 0;
        cursor->at += length;
        return r;
}

int dns_rcode(const uint8_t *message, size_t size) {
        return size < HEADER_SIZE ? -EBADMSG : message[3] & 0xf;
}

int dns_records_parse(const uint8_t *message, size_t size, uint16_t type, DnsRecords *ret) {
        Cursor cursor = { .message = message, .size = size };
        int r = 0;

        *ret = (DnsRecords) { 0 };
        if (size < HEADER_SIZE)
                return -EBADMSG;
        skip(&cursor, 4);
        unsigned questions = take(&cursor, 2), answers = take(&cursor, 2);
        skip(&cursor, 4);
        for (; questions > 0 && !cursor.broken; questions--) {
                skip_name(&cursor);
                skip(&cursor, 4);
        }
        for (; answers > 0 && r == 0; answers--)
                r = cursor.broken ? -EBADMSG : read_record(&cursor, type, ret);
        return r;
}

void dns_records_done(DnsRecords *records) {
        for (size_t i = 0; i < records->n; i++)
                record_done(&records->list[i]);
        free(records->list);
        *records = (DnsRecords) { 0 };
}
