/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The findings that only this plugin raises. */

#include "srv.h"

const MdFindingInfo srv_findings[SRV_N_FINDINGS] = {
        {
                .id = "dns.no-such-domain", .severity = MD_SEVERITY_ERROR, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_DNS, .setting = "address",
                .title = N_("There is no domain {domain}"),
                .meaning = N_("The domain name system does not know what stands behind the @ of the address. Mail to "
                        "the address cannot arrive, and no provider can be found for it."),
                .remedy = N_("Check the spelling of the address."),
                .standard = "RFC 8020",
                .since = "0.1",
        },
        {
                .id = "dns.no-mail", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_DNS, .setting = "address",
                .title = N_("{domain} says that it takes no mail"),
                .meaning = N_("The domain publishes an empty mail exchanger: nobody at it has a mailbox. Domains that are "
                        "one letter away from a large provider's often do so."),
                .remedy = N_("Check the spelling of the address."),
                .standard = "RFC 7505",
                .since = "0.1",
        },
        {
                .id = "autoconf.service-absent", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_DNS,
                .title = N_("{domain} says that it does not offer {services}"),
                .meaning = N_("The domain publishes that there is no such service for its addresses. A server that answers all "
                        "the same is not meant for them."),
                .remedy = N_("Use a service that the provider offers."),
                .standard = "RFC 6186 section 3.4",
                .since = "0.1",
        },
        {
                .id = "autoconf.foreign-host", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_DNS,
                .title = N_("{domain} names {found}, a server of another domain"),
                .meaning = N_("That is usual where a company keeps the mail of others, but the answer is not signed, so "
                        "somebody in between could have named that server to catch passwords."),
                .remedy = N_("Make sure that the server belongs to the provider before you enter the password."),
                .standard = "RFC 6186 section 4, RFC 8314 section 5.1",
                .since = "0.1",
        },
        {
                .id = "autoconf.bad-record", .severity = MD_SEVERITY_WARNING, .actor = MD_ACTOR_PROVIDER,
                .stage = MD_STAGE_DNS,
                .title = N_("{origin} leads to no mail server: {reason}"),
                .meaning = N_("A record that apps find their server with cannot be right. It was left out here; an app may follow "
                        "it and fail."),
                .remedy = N_("Whoever runs the domain has to correct or remove the record."),
                .standard = "RFC 2782",
                .since = "0.1",
        },
};

