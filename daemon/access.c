/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lists of words.  Groups are numbers from here on: a group that is not there is an error, and not somebody's one day. */

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "own.h"

/* RFC 8314 and its elders; 2525 stands in for 25 where networks block that. */
static const uint16_t usual_ports[] = { 25, 110, 143, 465, 587, 993, 995, 2525, 4190 };

void access_init(Access *access) {
        *access = (Access) { .n_ports = ELEMENTS(usual_ports) };
        memcpy(access->ports, usual_ports, sizeof(usual_ports));
}

static int wrong(const char **ret_wrong, const char *text) {
        *ret_wrong = text;
        return -EINVAL;
}

typedef int (*Add)(Access *access, const char *word, const char **ret_wrong);

static int add_group(Access *access, const char *word, const char **ret_wrong) {
        const struct group *group = getgrnam(word);

        if (!group)
                return wrong(ret_wrong, "names a group that is not there");
        if (access->n_groups == ACCESS_GROUPS_MAX)
                return wrong(ret_wrong, "names more than 16 groups");
        access->groups[access->n_groups++] = group->gr_gid;
        return 0;
}

static int compare_ports(const void *a, const void *b) {
        return (int) *(const uint16_t *) a - (int) *(const uint16_t *) b;
}

static int add_port(Access *access, const char *word, const char **ret_wrong) {
        size_t length = strlen(word);
        unsigned long port = length <= 5 && strspn(word, "0123456789") == length ? strtoul(word, NULL, 10) : 0;

        if (port == 0 || port > UINT16_MAX)
                return wrong(ret_wrong, "must be a list of ports, each a number from 1 to 65535");
        if (access_has_port(access, (uint16_t) port))
                return 0;
        if (access->n_ports == ACCESS_PORTS_MAX)
                return wrong(ret_wrong, "names too many ports");
        access->ports[access->n_ports++] = (uint16_t) port;
        qsort(access->ports, access->n_ports, sizeof(access->ports[0]), compare_ports);
        return 0;
}

static int add_words(Access *access, const char *list, Add add, const char **ret_wrong) {
        _cleanup_free_ char *words = strdup(list);
        int r = words ? 0 : -ENOMEM;

        for (char *rest = words, *word; r >= 0 && (word = strsep(&rest, " \t,"));)
                if (*word)
                        r = add(access, word, ret_wrong);
        return r;
}

int access_set_groups(Access *access, const char *words, const char **ret_wrong) {
        access->n_groups = 0;
        return add_words(access, words, add_group, ret_wrong);
}

int access_add_ports(Access *access, const char *words, const char **ret_wrong) {
        return add_words(access, words, add_port, ret_wrong);
}

bool access_has_port(const Access *access, uint16_t port) {
        return bsearch(&port, access->ports, access->n_ports, sizeof(port), compare_ports);
}

char *access_ports_text(const Access *access) {
        char *text = NULL;
        size_t size;
        FILE *file = open_memstream(&text, &size);

        if (!file)
                return NULL;
        for (size_t i = 0; i < access->n_ports; i++)
                fprintf(file, "%s%u", i > 0 ? ", " : "", access->ports[i]);
        if (fclose(file) == 0)
                return text;
        free(text);
        return NULL;
}

bool access_is_reader(const Access *access, uid_t uid) {
        const struct passwd *user = access->n_groups > 0 ? getpwuid(uid) : NULL;
        gid_t groups[NGROUPS_MAX > 1024 ? 1024 : NGROUPS_MAX];
        int n = ELEMENTS(groups);

        if (!user || getgrouplist(user->pw_name, user->pw_gid, groups, &n) < 0)
                return false;
        for (int i = 0; i < n; i++)
                for (size_t j = 0; j < access->n_groups; j++)
                        if (groups[i] == access->groups[j])
                                return true;
        return false;
}
