/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Landlock by system call.  The structures and bits are written down here, since the headers of an older
 * system lack the newer ones, while the program may run on a newer kernel. */

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "landlock.h"

/* The same numbers on every architecture. */
#ifndef SYS_landlock_create_ruleset
#  define SYS_landlock_create_ruleset 444
#  define SYS_landlock_add_rule 445
#  define SYS_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION (1u << 0)
#define RULE_PATH_BENEATH 1
#define RULE_NET_PORT 2

#define BIT(n) (UINT64_C(1) << (n))
#define BITS(first, last) ((BIT((last) - (first) + 1) - 1) << (first))

#define FS_EXECUTE BIT(0)
#define FS_WRITE_FILE BIT(1)
#define FS_READ_FILE BIT(2)
#define FS_READ_DIR BIT(3)
#define FS_READ (FS_READ_FILE | FS_READ_DIR)
#define FS_CHANGE BITS(4, 12)           /* removing and making entries */
#define FS_REFER BIT(13)
#define FS_TRUNCATE BIT(14)
#define FS_IOCTL_DEV BIT(15)
#define NET_BIND BIT(0)
#define NET_CONNECT BIT(1)
#define SCOPE_ABSTRACT_SOCKETS BIT(0)
#define SCOPE_SIGNALS BIT(1)

typedef struct RulesetAttr {
        uint64_t handled_access_fs;
        uint64_t handled_access_net;
        uint64_t scoped;
} RulesetAttr;

typedef struct PathBeneathAttr {
        uint64_t allowed_access;
        int32_t parent_fd;
} __attribute__((packed)) PathBeneathAttr;

typedef struct NetPortAttr {
        uint64_t allowed_access;
        uint64_t port;
} NetPortAttr;

/* What each ABI brought. */
static const struct {
        int abi;
        LandlockRights rights;
} known[] = {
        { 1, { .files = FS_EXECUTE | FS_WRITE_FILE | FS_READ | FS_CHANGE } },
        { 2, { .files = FS_REFER } },
        { 3, { .files = FS_TRUNCATE } },
        { 4, { .ports = NET_BIND | NET_CONNECT } },
        { 5, { .files = FS_IOCTL_DEV } },
        { 6, { .scopes = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS } },
};

static const LandlockRights wanted[] = {
        [LANDLOCK_LAYER_WORKER] = {
                .files = UINT64_MAX & ~FS_READ,
                .ports = NET_BIND,
                .scopes = UINT64_MAX,
        },
        [LANDLOCK_LAYER_DIALOGUE] = {
                .files = UINT64_MAX,
                .ports = NET_BIND | NET_CONNECT,
                .scopes = UINT64_MAX,
        },
};

int landlock_abi(void) {
        long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
        return abi > 0 ? (int) abi : 0;
}

LandlockRights landlock_rights(LandlockLayer layer, int abi) {
        LandlockRights rights = { 0 };

        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && known[i].abi <= abi; i++) {
                rights.files |= known[i].rights.files & wanted[layer].files;
                rights.ports |= known[i].rights.ports & wanted[layer].ports;
                rights.scopes |= known[i].rights.scopes & wanted[layer].scopes;
        }
        return rights;
}

static int port_allow(int ruleset, uint16_t port) {
        const NetPortAttr attr = { .allowed_access = NET_CONNECT, .port = port };

        return syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &attr, 0) < 0 ? -errno : 0;
}

/* A link that is not followed has no rights that could be given. */
static int path_allow(int ruleset, const char *path, int flags) {
        struct stat st;
        int fd = open(path, O_PATH | O_CLOEXEC | flags), r = 0;

        if (fd < 0)
                return errno == ENOENT || errno == EACCES || errno == ENOTDIR ? 0 : -errno;
        if (fstat(fd, &st) < 0)
                r = -errno;
        const PathBeneathAttr attr = { .allowed_access = S_ISDIR(st.st_mode) ? FS_READ : FS_READ_FILE, .parent_fd = fd };
        /* What lies on no file system that a path leads to, such as a file in memory, is nothing that a rule could be about:
         * it stays open to whoever has it. */
        if (r == 0 && !S_ISLNK(st.st_mode) && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &attr, 0) < 0 && errno != EBADFD)
                r = -errno;
        close(fd);
        return r;
}

static int grants_allow(int ruleset, const LandlockRights *rights, const LandlockGrant *grant) {
        int r = 0;

        for (size_t i = 0; r == 0 && rights->ports & NET_CONNECT && i < grant->n_ports; i++)
                r = port_allow(ruleset, grant->ports[i]);
        for (size_t i = 0; r == 0 && i < grant->n_paths; i++)
                r = path_allow(ruleset, grant->paths[i], 0);
        for (size_t i = 0; r == 0 && i < grant->n_own; i++)
                r = path_allow(ruleset, grant->own[i], O_NOFOLLOW);
        return r;
}

int landlock_enter(LandlockLayer layer, int abi, const LandlockGrant *grant) {
        const LandlockRights rights = landlock_rights(layer, abi);
        const RulesetAttr attr = { rights.files, rights.ports, rights.scopes };
        int r = 0;

        if (abi == 0)
                return 0;
        /* Zeros beyond what an older kernel knows are fine with it. */
        int ruleset = (int) syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
        if (ruleset < 0)
                return -errno;
        if (grant)
                r = grants_allow(ruleset, &rights, grant);
        if (r == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
                r = -errno;
        close(ruleset);
        return r;
}
