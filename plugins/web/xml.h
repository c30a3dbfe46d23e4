/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * XML from strangers, read element by element: no I/O, no entities but the five of XML, no external anything, bounds on
 * depth and text.  Names in a namespace are not taken for those without.
 */

#include <stddef.h>

#define XML_DEPTH_MAX 64u
#define XML_TEXT_MAX 2048u              /* bytes of text in one element that are kept; a longer one is cut */

typedef struct XmlElement {
        const char *name;               /* without its namespace */
        const char *namespace;          /* "" when in none */
        const char *parent;             /* name of the element around it; "" for the root */
        size_t depth;                   /* 1 for the root */
        const char *const *attributes;  /* name, value, …, NULL; only when it opens */
        const char *text;               /* its own, white space around it taken off; only when it closes */
} XmlElement;

/* What is wrong with a document that cannot be used, and where. */
typedef struct XmlFault {
        char what[160];
        unsigned long line;             /* 0: none in particular */
} XmlFault;

/* Each returns 0, or -errno, which ends the reading and is what xml_read() returns. */
typedef struct XmlReader {
        int (*open)(void *userdata, const XmlElement *element);
        int (*close)(void *userdata, const XmlElement *element);
        void *userdata;
} XmlReader;

/* Reads a whole document.  Returns 0, -EBADMSG with the fault, -ENOMEM, or what a function of the reader returned. */
int xml_read(const char *bytes, size_t size, const XmlReader *reader, XmlFault *ret_fault);

/* For a function of the reader: names a fault, with the present line when xml_read() returns; -EBADMSG. */
int xml_refuse(XmlFault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The value of an attribute; NULL when it is not there. */
const char *xml_attribute(const XmlElement *element, const char *name);
