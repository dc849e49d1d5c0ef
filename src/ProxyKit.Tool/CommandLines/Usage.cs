namespace ProxyKit.Tool.CommandLines;

/// <summary>What may be written.</summary>
internal static class Usage
{
    public const string Text = """
        Usage : proxykit [-f <file|directory>]* [-- <file>*] [<flag>]*
                proxykit check [<flag>]* <file|directory>*
                proxykit explain [<flag>]* <file|directory>* "[<method>] <url>"
                proxykit csharp [<flag>]* <file|directory>*
                proxykit usage report|events|invoice|close [<flag>]* <journal>

        Configuration
          -f <file|dir>      reads a file, or the *.cfg files of a directory; may be repeated
          -- <file>*         reads the files that follow
          -C <dir>           goes there first
          -c                 checks the configuration and leaves: 0 good, 1 bad; with -V it says so
          -cc <condition>    evaluates a condition as in .if: 0 it holds, 1 it does not, 2 it cannot be read
          -dW                takes warnings for errors
          -dD                shows diagnostics too
          -dV                does not verify the certificates of servers
          -dr                looks the names of servers up when they are needed
        Explaining a request
          -H <name: value>   a header field; may be repeated
          --body <text>      its body
          --source <ip>      where the client is; 127.0.0.1 otherwise
          --tls, --sni <name>
                             the client speaks TLS; and asks for a name
          --frontend <name>  where it comes in, unless the URL's port tells
          --http1.0          in that version
          --json             the answer for programs
        What clients have used
          --month <yyyy-mm>  of a month; an invoice, and closing, needs one
          --from, --until <day>
                             of some days, the last one not included
          --client <name>    of one client
          --by hour|day|month
                             row by row; all together otherwise
          --zone <name>      whose days are meant; UTC otherwise
          --postgres <connection>, --schema <name>
                             from the database that gateways bring it to, not a journal
          --prices <file>    the plans, and who has which, for an invoice
          --json, --csv      for programs
          --number <text>    the first invoice's number; the next ones count on
          --accept-damage    leaves out what cannot be read of a damaged journal
        Limits
          -n <number>        connections of the whole process, in place of global maxconn
          -N <number>        connections of each frontend that has no maxconn
          -m <megabytes>     accepted
        Running
          -d, -db            debug messages; the foreground (always so)
          -D, -W, -Ws        accepted: one process, in the foreground; -Ws tells systemd when it is ready
          -p <file>          writes the number of the process, once it listens
          -sf <pid>*         tells old processes to finish, once this one listens
          -st <pid>*         tells old processes to stop, once this one listens
          -L <name>          the name in HAPROXY_LOCALPEER
          -dR                keeps the addresses to this process
        Messages
          -V, -q             says more; says nothing
          -v, -vv            the version; with what it was built with
          --help             this text
        Not supported yet
          -S <addr>, -x <socket>, -dC[<key>]
        Signals
          SIGUSR1            finishes: no more clients, and the end once the last one is served
          SIGUSR2, SIGHUP    reads the configuration again; a bad one changes nothing
          SIGTERM, SIGINT    stops

        """;
}
