/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Targets as records: what the daemon asks of a probe, on the wire. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

static const char *const fd_keys[_MD_TARGET_FD_MAX] = {
        [MD_TARGET_FD_RECORDS] = "fd-records",
        [MD_TARGET_FD_SECRET] = "fd-secret",
        [MD_TARGET_FD_CA] = "fd-ca",
        [MD_TARGET_FD_CERTIFICATE] = "fd-certificate",
        [MD_TARGET_FD_KEY] = "fd-key",
};

static void list_free(char **list) {
        for (size_t i = 0; list && list[i]; i++)
                free(list[i]);
        free(list);
}

void md_target_done(MdTarget *target) {
        if (!target)
                return;
        free(target->plugin);
        free(target->host);
        free(target->connect_to);
        free(target->tls_name);
        free(target->username);
        free(target->address);
        free(target->local_part);
        free(target->data_dir);
        free(target->proxy);
        free(target->ispdb);
        free(target->home);
        free(target->place);
        list_free(target->mechanisms);
        list_free(target->mx);
        list_free(target->hosts);
        *target = (MdTarget) { 0 };
}

int md_target_to_record(const MdTarget *target, uint64_t id, const int fds[static _MD_TARGET_FD_MAX], MdRecord *ret) {
        const MdField fields[] = {
                MD_NUMBER("id", id),
                MD_TEXT("plugin", target->plugin),
                MD_TEXT("host", target->host),
                MD_TEXT("connect-to", target->connect_to),
                MD_TEXT("tls-name", target->tls_name),
                MD_NUMBER("port", target->port),
                MD_TEXT("security", md_security_to_string(target->security)),
                MD_TEXT("depth", md_depth_to_string(target->depth)),
                MD_TEXT("username", target->username),
                MD_TEXT("address", target->address),
                MD_LIST("mechanisms", (const char *const *) target->mechanisms),
                MD_TEXT("local-part", target->local_part),
                MD_LIST("mx", (const char *const *) target->mx),
                MD_LIST("hosts", (const char *const *) target->hosts),
                MD_TEXT("data-dir", target->data_dir),
                MD_TEXT("proxy", target->proxy),
                MD_TEXT("ispdb", target->ispdb),
                MD_TEXT("home", target->home),
                MD_TEXT("place", target->place),
                MD_TRUTH("oauth-token", target->oauth_token),
                MD_TRUTH("allow-cleartext", target->allow_cleartext),
                MD_TRUTH("guarded", target->guarded),
                MD_TRUTH("thorough", target->thorough),
                MD_NUMBER("timeout-ms", target->timeout_ms),
                MD_NUMBER("time-scale", target->time_scale),
                { 0 },
        };

        md_record_init(ret, "probe");
        int r = md_record_add_all(ret, fields);
        for (size_t i = 0; r >= 0 && i < _MD_TARGET_FD_MAX; i++)
                if (fds[i] >= 0)
                        r = md_record_add(ret, &MD_TRUTH(fd_keys[i], true));
        if (r < 0)
                md_record_done(ret);
        return r;
}

static int copy_text(const MdRecord *record, const char *key, char **ret) {
        const char *text = md_record_text(record, key);
        *ret = text ? strdup(text) : NULL;
        return text && !*ret ? -ENOMEM : 0;
}

static int copy_list(const MdRecord *record, const char *key, char ***ret) {
        const char *const *list = md_record_list(record, key);
        size_t n = 0;

        while (list && list[n])
                n++;
        if (!list)
                return 0;
        *ret = calloc(n + 1, sizeof(char *));
        for (size_t i = 0; *ret && i < n; i++)
                if (!((*ret)[i] = strdup(list[i])))
                        return -ENOMEM;
        return *ret ? 0 : -ENOMEM;
}

static int copy_texts(const MdRecord *record, MdTarget *target) {
        const struct {
                const char *key;
                char **ret;
        } texts[] = {
                { "plugin", &target->plugin },
                { "host", &target->host },
                { "connect-to", &target->connect_to },
                { "tls-name", &target->tls_name },
                { "username", &target->username },
                { "address", &target->address },
                { "local-part", &target->local_part },
                { "data-dir", &target->data_dir },
                { "proxy", &target->proxy },
                { "ispdb", &target->ispdb },
                { "home", &target->home },
                { "place", &target->place },
        };
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                if (copy_text(record, texts[i].key, texts[i].ret) < 0)
                        return -ENOMEM;

        int r = copy_list(record, "mechanisms", &target->mechanisms);
        if (r >= 0)
                r = copy_list(record, "mx", &target->mx);
        return r < 0 ? r : copy_list(record, "hosts", &target->hosts);
}

static int copy_numbers(const MdRecord *record, MdTarget *target) {
        uint64_t port = md_record_number(record, "port", 0);
        uint64_t timeout = md_record_number(record, "timeout-ms", 0);
        uint64_t scale = md_record_number(record, "time-scale", 1);
        int security = md_security_from_string(md_record_text(record, "security"));
        int depth = md_depth_from_string(md_record_text(record, "depth"));

        bool has_port = !md_record_text(record, "local-part") && !md_record_text(record, "home");

        if ((port == 0) == has_port || port > UINT16_MAX || timeout == 0 || timeout > UINT32_MAX || scale == 0 ||
            scale > 1000 || security < 0 || depth < 0)
                return -EBADMSG;
        target->port = port;
        target->timeout_ms = timeout;
        target->time_scale = scale;
        target->security = security;
        target->depth = depth;
        target->oauth_token = md_record_truth(record, "oauth-token");
        target->allow_cleartext = md_record_truth(record, "allow-cleartext");
        target->guarded = md_record_truth(record, "guarded");
        target->thorough = md_record_truth(record, "thorough");
        return 0;
}

static int assign_fds(const MdRecord *record, const int *fds, size_t n_fds, int ret_fds[static _MD_TARGET_FD_MAX]) {
        size_t used = 0;
        for (size_t i = 0; i < _MD_TARGET_FD_MAX; i++) {
                ret_fds[i] = -1;
                if (!md_record_truth(record, fd_keys[i]))
                        continue;
                if (used == n_fds)
                        return -EBADMSG;
                ret_fds[i] = fds[used++];
        }
        return used == n_fds && ret_fds[MD_TARGET_FD_RECORDS] >= 0 ? 0 : -EBADMSG;
}

static bool is_absolute(const char *path) {
        return !path || path[0] == '/';
}

/* What belongs to the question that is asked. */
static bool is_whole(const MdTarget *target) {
        if (!target->plugin || !is_absolute(target->home) || !is_absolute(target->place))
                return false;
        if (target->home)
                return !target->host && !target->local_part;
        return target->host && *target->host && !target->place && (!target->local_part || target->address);
}

int md_target_from_record(const MdRecord *record, const int *fds, size_t n_fds,
                          MdTarget *ret, uint64_t *ret_id, int ret_fds[static _MD_TARGET_FD_MAX]) {
        *ret = (MdTarget) { 0 };
        if (strcmp(record->kind, "probe") || assign_fds(record, fds, n_fds, ret_fds) < 0)
                return -EBADMSG;

        int r = copy_numbers(record, ret);
        if (r >= 0)
                r = copy_texts(record, ret);
        if (r >= 0 && !is_whole(ret))
                r = -EBADMSG;
        if (r < 0)
                md_target_done(ret);
        else
                *ret_id = md_record_number(record, "id", 0);
        return r;
}

int md_proxy_parse(const char *proxy, char ret_host[static MD_PROXY_HOST_SIZE], uint16_t *ret_port) {
        static const char scheme[] = "http://";
        size_t skip = sizeof(scheme) - 1;

        if (strncmp(proxy, scheme, skip))
                return -EINVAL;
        const char *host = proxy + skip, *colon = strchr(host, ':');
        size_t length = colon ? (size_t) (colon - host) : 0;
        if (length == 0 || length >= MD_PROXY_HOST_SIZE ||
            strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != length)
                return -EINVAL;
        size_t digits = strspn(colon + 1, "0123456789");
        unsigned long port = digits > 0 && digits <= 5 && !colon[1 + digits] ? strtoul(colon + 1, NULL, 10) : 0;
        if (port == 0 || port > UINT16_MAX)
                return -EINVAL;
        memcpy(ret_host, host, length);
        ret_host[length] = '\0';
        *ret_port = (uint16_t) port;
        return 0;
}
