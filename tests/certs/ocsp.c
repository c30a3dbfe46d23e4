/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes OCSP responses: DER put together from the inside out, then signed. */

#include <assert.h>
#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "der.h"
#include "ocsp.h"

#define ROOM 4096u

/* DER under construction, filled from its end, so that every length is known when it is written. */
typedef struct Writer {
        unsigned char bytes[ROOM];
        size_t size;                    /* bytes at the end that are filled */
} Writer;

static void put(Writer *writer, const void *bytes, size_t size) {
        assert(writer->size + size <= ROOM);
        writer->size += size;
        memcpy(writer->bytes + ROOM - writer->size, bytes, size);
}

static void put_byte(Writer *writer, unsigned byte) {
        unsigned char c = (unsigned char) byte;
        put(writer, &c, 1);
}

/* Puts a tag and length in front of what was filled since `mark`. */
static void wrap(Writer *writer, unsigned tag, size_t mark) {
        size_t length = writer->size - mark;
        put_byte(writer, length & 0xff);
        if (length > 0xff)
                put_byte(writer, length >> 8);
        if (length > 0x7f)
                put_byte(writer, length > 0xff ? 0x82 : 0x81);
        put_byte(writer, tag);
}

static void put_element(Writer *writer, unsigned tag, const void *bytes, size_t size) {
        size_t mark = writer->size;
        put(writer, bytes, size);
        wrap(writer, tag, mark);
}

static void put_time(Writer *writer, time_t when) {
        char text[32];
        struct tm tm;
        size_t size = strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", gmtime_r(&when, &tm));
        put_element(writer, 0x18, text, size);
}

static void put_sha1(Writer *writer, const void *bytes, size_t size) {
        unsigned char digest[20];
        gnutls_hash_fast(GNUTLS_DIG_SHA1, bytes, size, digest);
        put_element(writer, 0x04, digest, sizeof(digest));
}

/* Hash of the issuer's key: the contents of the BIT STRING without its count of unused bits. */
static void put_key_hash(Writer *writer, gnutls_x509_crt_t issuer) {
        gnutls_pubkey_t key;
        gnutls_datum_t der;
        gnutls_pubkey_init(&key);
        gnutls_pubkey_import_x509(key, issuer, 0);
        gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der);

        MdDer all = { der.data, der.data + der.size }, info, algorithm, bits;
        int r = md_der_take(&all, 0x30, &info);
        assert(r == 0 && md_der_take(&info, 0x30, &algorithm) == 0 && md_der_take(&info, 0x03, &bits) == 0);
        put_sha1(writer, bits.at + 1, (size_t) (bits.end - bits.at) - 1);
        gnutls_free(der.data);
        gnutls_pubkey_deinit(key);
}

static void put_certificate_id(Writer *writer, const OcspStatement *statement) {
        static const unsigned char sha1_algorithm[] = {
                0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00
        };
        unsigned char serial[64];
        size_t serial_size = sizeof(serial), mark = writer->size;
        gnutls_datum_t name;
        gnutls_x509_crt_get_serial(statement->crt, serial, &serial_size);
        put_element(writer, 0x02, serial, serial_size);
        put_key_hash(writer, statement->issuer);
        gnutls_x509_crt_get_raw_dn(statement->issuer, &name);
        put_sha1(writer, name.data, name.size);
        gnutls_free(name.data);
        put(writer, sha1_algorithm, sizeof(sha1_algorithm));
        wrap(writer, 0x30, mark);
}

static void put_statement(Writer *writer, const OcspStatement *statement) {
        size_t mark = writer->size;
        put_time(writer, statement->next_update);
        wrap(writer, 0xa0, mark);
        put_time(writer, statement->this_update);
        size_t status = writer->size;
        if (statement->revoked) {
                put_time(writer, statement->revoked);
                wrap(writer, 0xa1, status);
        } else {
                put_element(writer, 0x80, "", 0);
        }
        put_certificate_id(writer, statement);
        wrap(writer, 0x30, mark);
        wrap(writer, 0x30, mark);       /* a list of one */
}

static void put_data(Writer *writer, const OcspStatement *statement) {
        size_t mark = writer->size;
        gnutls_datum_t name;
        put_statement(writer, statement);
        put_time(writer, statement->this_update);
        size_t responder = writer->size;
        gnutls_x509_crt_get_raw_dn(statement->issuer, &name);
        put(writer, name.data, name.size);
        gnutls_free(name.data);
        wrap(writer, 0xa1, responder);
        wrap(writer, 0x30, mark);
}

static gnutls_datum_t sign(gnutls_x509_privkey_t key, const void *bytes, size_t size) {
        gnutls_privkey_t signer;
        gnutls_datum_t data = { (unsigned char *) bytes, (unsigned) size }, signature;
        gnutls_privkey_init(&signer);
        gnutls_privkey_import_x509(signer, key, 0);
        int r = gnutls_privkey_sign_data(signer, GNUTLS_DIG_SHA256, 0, &data, &signature);
        assert(r >= 0);
        gnutls_privkey_deinit(signer);
        return signature;
}

unsigned char *ocsp_make(const OcspStatement *statement, size_t *ret_size) {
        static const unsigned char ecdsa_sha256[] = {
                0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02
        };
        static const unsigned char basic_oid[] = {
                0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01
        };
        Writer data = { .size = 0 }, response = { .size = 0 };
        put_data(&data, statement);
        const unsigned char *tbs = data.bytes + ROOM - data.size;
        gnutls_datum_t signature = sign(statement->issuer_key, tbs, data.size);

        put(&response, signature.data, signature.size);
        put_byte(&response, 0);
        wrap(&response, 0x03, 0);
        put(&response, ecdsa_sha256, sizeof(ecdsa_sha256));
        put(&response, tbs, data.size);
        wrap(&response, 0x30, 0);
        wrap(&response, 0x04, 0);
        put(&response, basic_oid, sizeof(basic_oid));
        wrap(&response, 0x30, 0);
        wrap(&response, 0xa0, 0);
        put_element(&response, 0x0a, "\0", 1);
        wrap(&response, 0x30, 0);
        gnutls_free(signature.data);

        unsigned char *copy = malloc(response.size);
        assert(copy);
        memcpy(copy, response.bytes + ROOM - response.size, response.size);
        *ret_size = response.size;
        return copy;
}
