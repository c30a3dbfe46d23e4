/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Line by line; one that is broken is left out. */

#include <string.h>

#include "ini.h"

/* What stands in a line, without the space around it. */
static char *trim(char *line) {
        size_t length = strlen(line);

        while (length > 0 && strchr(" \t\r", line[length - 1]))
                line[--length] = '\0';
        return line + strspn(line, " \t");
}

static int take_line(char *line, unsigned number, unsigned file, const IniSink *sink, const FaultSink *faults) {
        char *text = trim(line), *mark;
        size_t length = strlen(text);

        if (length == 0 || *text == '#' || *text == ';')
                return 0;
        if (*text == '[') {
                if (length < 3 || text[length - 1] != ']') {
                        fault_format(faults, file, number, "a section is named [so], and its name has an end");
                        return 0;
                }
                text[length - 1] = '\0';
                return sink->section(sink->userdata, text + 1, number);
        }
        mark = strchr(text, '=');
        if (!mark || mark == text) {
                fault_format(faults, file, number, "is neither a [section] nor a key=value");
                return 0;
        }
        *mark = '\0';
        return sink->value(sink->userdata, trim(text), trim(mark + 1), number);
}

int ini_read(unsigned file, const char *text, size_t size, const IniSink *sink, const FaultSink *faults) {
        size_t at = size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
        char line[INI_LINE_MAX];
        int r = 0;

        for (unsigned number = 1; r >= 0 && at < size; number++) {
                const char *end = memchr(text + at, '\n', size - at);
                size_t length = (end ? (size_t) (end - text) : size) - at;
                if (length >= sizeof(line))
                        fault_format(faults, file, number, "is longer than %u bytes", INI_LINE_MAX - 1);
                else if (memchr(text + at, '\0', length))
                        fault_format(faults, file, number, "holds a NUL");
                else {
                        memcpy(line, text + at, length);
                        line[length] = '\0';
                        r = take_line(line, number, file, sink, faults);
                }
                at += length + 1;
        }
        return r;
}
