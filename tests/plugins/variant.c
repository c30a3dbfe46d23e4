/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A plugin that is right in everything but what one macro breaks: what the loader's tests load.  Its
 * constructor leaves a file behind, so that a test can tell whether any of its code ran. */

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <maildiag/plugin.h>
#include <maildiag/reply.h>

#ifndef VARIANT_NAME
#  define VARIANT_NAME "variant"
#endif
#ifndef NOTE_NAME
#  define NOTE_NAME VARIANT_NAME
#endif
#ifndef FINDING_ID
#  define FINDING_ID VARIANT_NAME ".odd"
#endif
#ifndef ABI_MAJOR
#  define ABI_MAJOR MD_ABI_MAJOR
#endif
#ifndef ABI_MINOR
#  define ABI_MINOR MD_ABI_MINOR
#endif
#ifndef NOTE_SIZE
#  define NOTE_SIZE DESCRIPTOR_SIZE
#endif
#ifndef BREAK                           /* members of the descriptor that replace the right ones */
#  define BREAK
#endif
#ifndef BREAK_STEP
#  define BREAK_STEP
#endif
#ifndef BREAK_ENDPOINT
#  define BREAK_ENDPOINT
#endif
#ifndef BREAK_FINDING
#  define BREAK_FINDING
#endif
#ifndef BREAK_RULE
#  define BREAK_RULE
#endif
#ifndef DESCRIPTOR_SIZE
#  define DESCRIPTOR_SIZE sizeof(MdPlugin)
#endif
#ifndef CONSTRUCT                       /* what the constructor does besides */
#  define CONSTRUCT
#endif

#pragma GCC diagnostic ignored "-Woverride-init"

__attribute__((constructor)) static void leave_a_trace(void) {
        const char *path = getenv("MAILDIAG_TEST_TRACE");
        int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
        if (fd >= 0)
                close(fd);
        CONSTRUCT;
}

/* A terminal would turn red. */
__attribute__((unused)) static const char dirty[] = "\033[31m";
__attribute__((unused)) static const char long_pattern[600] = { [0 ... 598] = 'a' };

__attribute__((unused)) static const char *const right_paths[] = { ".variant" };
__attribute__((unused)) static const char *const wrong_paths[] = { ".variant/../..", "/etc" };

static int nothing_run(MdProbe *probe, void *state) {
        return MD_NEXT;
}

static const MdStep steps[] = {
        { .name = "nothing", .stage = MD_STAGE_TCP, .depth = MD_DEPTH_CONNECT, .run = nothing_run,
          BREAK_STEP },
};

static const MdEndpoint endpoints[] = {
        { .port = 7, .security = MD_SECURITY_NONE, .service = "echo" },
        { .port = 7, .security = MD_SECURITY_STARTTLS, .service = "echo", BREAK_ENDPOINT },
};

static const MdFindingInfo findings[] = {
        {
                .id = VARIANT_NAME ".even", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_GREETING, .title = "even", .meaning = "even", .remedy = "even",
                .since = "0.1",
        },
        {
                .id = FINDING_ID, .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_GREETING, .setting = "port", .title = "odd", .meaning = "odd",
                .remedy = "odd", .standard = "RFC 862", .since = "0.1", BREAK_FINDING
        },
};

static const MdReplyRule replies[] = {
        { .id = VARIANT_NAME ".even", .code = "-ERR" },
        { .id = "auth.rejected", .stages = "auth", .pattern = "no", .source = "RFC 862", BREAK_RULE },
};

#ifndef NO_NOTE
__attribute__((section(".note.maildiag"), used, aligned(4)))
static const MdPluginNote note = {
        .namesz = sizeof(MD_PLUGIN_NOTE_OWNER),
        .descsz = sizeof(MdPluginNote) - offsetof(MdPluginNote, abi_major),
        .type = MD_PLUGIN_NOTE_TYPE,
        .owner = MD_PLUGIN_NOTE_OWNER,
        .abi_major = ABI_MAJOR,
        .abi_minor = ABI_MINOR,
        .plugin_size = NOTE_SIZE,
        .name = NOTE_NAME,
};
#endif

#ifdef NO_SYMBOL
#  define DESCRIPTOR other_symbol
#else
#  define DESCRIPTOR md_plugin_1
#endif

__attribute__((visibility("default"))) extern const MdPlugin DESCRIPTOR;
const MdPlugin DESCRIPTOR = {
        .size = DESCRIPTOR_SIZE,
        .kind = MD_KIND_PROTOCOL,
        .name = VARIANT_NAME,
        .version = "1",
        .summary = "Echo",
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_ENDPOINT,
        .endpoints = endpoints,
        .n_endpoints = sizeof(endpoints) / sizeof(endpoints[0]),
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = findings,
        .n_findings = sizeof(findings) / sizeof(findings[0]),
        .replies = replies,
        .n_replies = sizeof(replies) / sizeof(replies[0]),
        BREAK
};
