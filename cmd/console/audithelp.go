package main

const auditHelp = `NAME
    console audit - verify the trail, export it, or accept damage

SYNOPSIS
    console audit verify [--checkpoint FILE]... [--without-key] [DATABASE | EVENTS.jsonl]
    console audit export [--format jsonl] [--after SEQ] [DATABASE]
    console audit accept --reason TEXT

VERIFY
    Looks at a whole database at one moment and changes nothing in it: the one that --db names, or DATABASE, which may
    be a backup or a postgres:// URL. A running console need not stop. It checks

        the chain       every event follows from the one before, from the first to the last that was written
        checkpoints     each is signed with a key that is not in the database, and names an event of this trail
        index           by which the history of a person or a thing finds its events: it has a row for each thing that an
                        event speaks of, and no other
        rows            passwords, authenticator apps, security keys, recovery codes, one-time links, sessions, known
                        browsers, role credentials, people, groups, memberships, permission sets, assignments, policies,
                        where they are attached, accounts, units, the sign-in policy, and what waits for approval: each
                        row matches its MAC, none is missing, none was put back

    A change that somebody made to the database alone is found. Somebody who puts back a whole earlier copy of the
    database is found by a checkpoint that was kept elsewhere: the running console signs one every hour and when it stops,
    and prints it to its log.

    --checkpoint FILE   compare the checkpoints in FILE as well, which may be a log with anything else in it. With them a
                        trail that was cut after the newest of them is found whatever else was changed.
    --without-key       look at the chain and the index alone, on a machine that does not have the master key

    A file of events whose name ends in .jsonl, as EXPORT writes it, is checked by its chain and the checkpoints alone.

EXPORT
    Writes events as JSON lines to standard output, the oldest first, one object a line, with everything that their hashes
    are over: who has the file can check the chain. The master key is not needed.

    --format jsonl      the only format so far
    --after SEQ         leave out the events up to this one

ACCEPT
    Goes on with a database that was changed from outside, when there is no backup to go back to and somebody has looked
    into it. Sessions and role credentials that do not match their MACs go, and one-time links that do not are worthless;
    other rows get MACs for what they are now, the index is made anew from the events, the trail goes on after its last
    event, an event says what was accepted and why, and a checkpoint is signed. Stop the console first. A policy document
    that is gone altogether cannot be accepted: that takes a backup.

EXIT STATUS
    verify   0  everything is as Gatehouse wrote it
             1  something is not; the report says what
             2  it could not be looked at
    others   0, or 1 when it could not be done

EXAMPLES
    console audit verify
    console --key /media/usb/master.key audit verify --checkpoint /var/log/gatehouse.log backup.db
    console audit export --after 120000 > events.jsonl
`
