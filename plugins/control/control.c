/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The control plugin: whether something answers at a port, and nothing else.  No byte is sent.  With it a diagnosis tells a
 * network that lets nothing through from a server that is down, and a web server from a mail server.
 */

#include <maildiag/conn.h>

static const MdEndpoint endpoints[] = {
        { 443, MD_SECURITY_TLS,  "https" },
        { 80,  MD_SECURITY_NONE, "http"  },
};

static const MdStep steps[] = {
        { "connect", MD_STAGE_TCP, MD_DEPTH_CONNECT, 0, md_step_connect },
};

MD_PLUGIN_EXPORT("control") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_PROTOCOL,
        .name = "control",
        .version = "0.1",
        .summary = N_("Whether anything answers at a port"),
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_ENDPOINT,
        .endpoints = endpoints,
        .n_endpoints = sizeof(endpoints) / sizeof(endpoints[0]),
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
};
