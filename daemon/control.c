/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of hosts for comparison, read from one line. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "form.h"

void control_list_done(ControlList *list) {
        for (size_t i = 0; i < list->n; i++)
                free(list->points[i].host);
        *list = (ControlList) { 0 };
}

static int fault(const char **ret_fault, const char *text) {
        *ret_fault = text;
        return -EINVAL;
}

static int parse_port(const char *text, size_t length, uint16_t *ret) {
        unsigned port = 0;
        for (size_t i = 0; i < length; i++) {
                if (text[i] < '0' || text[i] > '9' || length > 5)
                        return -EINVAL;
                port = 10 * port + (unsigned) (text[i] - '0');
        }
        if (port == 0 || port > UINT16_MAX)
                return -EINVAL;
        *ret = (uint16_t) port;
        return 0;
}

/* One HOST:PORT of that length. */
static int parse_point(const char *text, size_t length, ControlPoint *ret, const char **ret_fault) {
        const char *colon = memrchr(text, ':', length);
        size_t host = colon ? (size_t) (colon - text) : 0;

        if (host == 0 || parse_port(colon + 1, length - host - 1, &ret->port) < 0)
                return fault(ret_fault, "must be HOST:PORT, separated by commas");
        if (host > 2 && text[0] == '[' && text[host - 1] == ']') {
                text++;
                host -= 2;
        } else if (memchr(text, ':', host)) {
                return fault(ret_fault, "holds an IPv6 address without brackets");
        }
        ret->host = strndup(text, host);
        if (!ret->host)
                return -ENOMEM;
        return form_fault_host(ret->host) ? fault(ret_fault, "holds what cannot be a host name") : 0;
}

int control_list_parse(const char *text, ControlList *ret, const char **ret_fault) {
        ControlList list = { 0 };
        int r = 0;

        while (*text && r >= 0) {
                size_t length = strcspn(text, ",");
                if (list.n == CONTROL_POINTS_MAX)
                        r = fault(ret_fault, "holds more than 8 hosts");
                else
                        r = parse_point(text, length, &list.points[list.n], ret_fault);
                list.n += list.n < CONTROL_POINTS_MAX && list.points[list.n].host;
                text += length + (text[length] == ',');
        }
        if (r < 0)
                control_list_done(&list);
        else
                *ret = list;
        return r;
}
