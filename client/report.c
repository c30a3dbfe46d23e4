/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Look-ups in a report that need no care for what is absent, and the exit status that it stands for. */

#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "report.h"

const char *report_text(const json_t *object, const char *key) {
        return json_string_value(json_object_get(object, key)) ?: "";
}

json_int_t report_number(const json_t *object, const char *key) {
        return json_integer_value(json_object_get(object, key));
}

char *report_join(const json_t *list, const char *separator) {
        size_t i, size = 1;
        json_t *item;
        json_array_foreach((json_t *) list, i, item)
                size += json_string_length(item) + strlen(separator);

        char *text = calloc(size, 1), *end = text;
        json_array_foreach((json_t *) list, i, item)
                if (text)
                        end = stpcpy(stpcpy(end, i > 0 ? separator : ""), json_string_value(item) ?: "");
        return text;
}

int exit_status_of(const char *verdict) {
        static const struct {
                const char *verdict;
                ExitStatus status;
        } statuses[] = {
                { "ok", STATUS_FINE },
                { "info", STATUS_FINE },
                { "warning", STATUS_FINE },
                { "error", STATUS_BROKEN },
        };
        for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
                if (!strcmp(verdict, statuses[i].verdict))
                        return statuses[i].status;
        return STATUS_UNKNOWN;
}

int report_status(const json_t *report) {
        return exit_status_of(report_text(report, "verdict"));
}
