/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Expat, kept on a short leash. */

#include <errno.h>
#include <expat.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xml.h"

#define SEPARATOR '\n'                  /* between namespace and name; stands in no namespace */

typedef struct Level {
        char *name;                     /* "namespace\nname" or "name" */
        char *text;
        size_t n_text;
} Level;

typedef struct Reading {
        XML_Parser parser;
        const XmlReader *reader;
        XmlFault *fault;
        int error;                      /* -errno: why it ends */
        Level levels[XML_DEPTH_MAX];
        size_t depth;
} Reading;

int xml_refuse(XmlFault *fault, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(fault->what, sizeof(fault->what), format, arguments);
        va_end(arguments);
        return -EBADMSG;
}

const char *xml_attribute(const XmlElement *element, const char *name) {
        for (const char *const *pair = element->attributes; pair && pair[0]; pair += 2)
                if (!strcmp(pair[0], name))
                        return pair[1];
        return NULL;
}

static void stop(Reading *reading, int error) {
        if (reading->error == 0)
                reading->error = error;
        reading->fault->line = XML_GetCurrentLineNumber(reading->parser);
        XML_StopParser(reading->parser, XML_FALSE);
}

static const char *local_name(const char *name) {
        const char *separator = strrchr(name, SEPARATOR);
        return separator ? separator + 1 : name;
}

/* The element at the top, as the reader sees it; `namespace` holds what the name begins with. */
static XmlElement element_at_top(const Reading *reading, char *namespace, size_t size) {
        const Level *level = &reading->levels[reading->depth - 1];
        const char *name = local_name(level->name);

        snprintf(namespace, size, "%.*s", name > level->name ? (int) (name - level->name - 1) : 0, level->name);
        return (XmlElement) {
                .name = name,
                .namespace = namespace,
                .parent = reading->depth > 1 ? local_name(level[-1].name) : "",
                .depth = reading->depth,
        };
}

/* ---- what the parser calls ---- */

static void on_open(void *userdata, const char *name, const char **attributes) {
        Reading *reading = userdata;
        char namespace[256];

        if (reading->error < 0)
                return;
        if (reading->depth == XML_DEPTH_MAX) {
                stop(reading, xml_refuse(reading->fault, "elements are nested more than %u deep", XML_DEPTH_MAX));
                return;
        }
        Level *level = &reading->levels[reading->depth++];
        *level = (Level) { .name = strdup(name) };
        if (!level->name) {
                stop(reading, -ENOMEM);
                return;
        }
        XmlElement element = element_at_top(reading, namespace, sizeof(namespace));
        element.attributes = (const char *const *) attributes;
        int r = reading->reader->open ? reading->reader->open(reading->reader->userdata, &element) : 0;
        if (r < 0)
                stop(reading, r);
}

/* White space at both ends is the layout of the document, not of the value. */
static const char *trim(char *text, size_t size) {
        static const char spaces[] = " \t\r\n";

        while (size > 0 && strchr(spaces, text[size - 1]))
                size--;
        text[size] = '\0';
        return text + strspn(text, spaces);
}

static void level_done(Level *level) {
        free(level->name);
        free(level->text);
        *level = (Level) { 0 };
}

static void on_close(void *userdata, const char *name) {
        Reading *reading = userdata;
        char namespace[256];
        int r = 0;

        if (reading->error < 0 || reading->depth == 0)
                return;
        Level *level = &reading->levels[reading->depth - 1];
        XmlElement element = element_at_top(reading, namespace, sizeof(namespace));
        element.text = level->text ? trim(level->text, level->n_text) : "";
        if (reading->reader->close)
                r = reading->reader->close(reading->reader->userdata, &element);
        level_done(level);
        reading->depth--;
        if (r < 0)
                stop(reading, r);
}

static void on_text(void *userdata, const char *text, int size) {
        Reading *reading = userdata;

        if (reading->error < 0 || reading->depth == 0)
                return;
        Level *level = &reading->levels[reading->depth - 1];
        if (!level->text && !(level->text = malloc(XML_TEXT_MAX + 1))) {
                stop(reading, -ENOMEM);
                return;
        }
        size_t room = XML_TEXT_MAX - level->n_text, n = (size_t) size < room ? (size_t) size : room;
        memcpy(level->text + level->n_text, text, n);
        level->n_text += n;
}

/* What an entity can stand for has no end, so a document that declares one is not read on. */
static void on_entity(void *userdata, const char *name, int is_parameter, const char *value, int size,
                      const char *base, const char *system, const char *public, const char *notation) {
        Reading *reading = userdata;

        if (reading->error == 0)
                stop(reading, xml_refuse(reading->fault, "it declares an entity (%.60s)", name));
}

static void on_skipped_entity(void *userdata, const char *name, int is_parameter) {
        Reading *reading = userdata;

        if (reading->error == 0)
                stop(reading, xml_refuse(reading->fault, "it uses an entity that it does not declare (%.60s)", name));
}

/* ---- from outside ---- */

/* XML may be UTF-16; a configuration is UTF-8, and another encoding is a way past whoever looks for words in it. */
static const char *outside_trouble(const char *bytes, size_t size) {
        if (size == 0)
                return "it is empty";
        if (size > INT_MAX)
                return "it is too large";
        if (size >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2)))
                return "it is in UTF-16";
        if (size >= 2 && !memcmp(bytes, "\x1f\x8b", 2))
                return "it is compressed, though that was not asked for";
        if (memchr(bytes, '\0', size))
                return "it holds NUL bytes";
        return NULL;
}

static int parse(Reading *reading, const char *bytes, size_t size) {
        XML_Parser parser = reading->parser;

        XML_SetUserData(parser, reading);
        XML_SetElementHandler(parser, on_open, on_close);
        XML_SetCharacterDataHandler(parser, on_text);
        XML_SetEntityDeclHandler(parser, on_entity);
        XML_SetSkippedEntityHandler(parser, on_skipped_entity);
        XML_SetParamEntityParsing(parser, XML_PARAM_ENTITY_PARSING_NEVER);
        if (XML_Parse(parser, bytes, (int) size, XML_TRUE) == XML_STATUS_OK)
                return 0;
        if (reading->error < 0)
                return reading->error;
        if (XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY)
                return -ENOMEM;
        reading->fault->line = XML_GetCurrentLineNumber(parser);
        return xml_refuse(reading->fault, "%s", XML_ErrorString(XML_GetErrorCode(parser)));
}

int xml_read(const char *bytes, size_t size, const XmlReader *reader, XmlFault *ret_fault) {
        Reading reading = { .reader = reader, .fault = ret_fault };

        *ret_fault = (XmlFault) { 0 };
        const char *trouble = outside_trouble(bytes, size);
        if (trouble)
                return xml_refuse(ret_fault, "%s", trouble);
        reading.parser = XML_ParserCreateNS(NULL, SEPARATOR);
        if (!reading.parser)
                return -ENOMEM;
        int r = parse(&reading, bytes, size);
        XML_ParserFree(reading.parser);
        while (reading.depth > 0)
                level_done(&reading.levels[--reading.depth]);
        return r;
}
