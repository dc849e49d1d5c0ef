using System.Globalization;
using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.Resolvers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads <c>server</c>, <c>server-template</c> and <c>default-server</c> lines.</summary>
internal static class ServerLines
{
    /// <summary>More servers than these in one line are a slip.</summary>
    private const int MostOfTemplate = 10_000;

    public static void Read(Statement s)
    {
        var settings = s.Proxy.Settings.DefaultServer.Copy();
        s.RunParameters(2, Section.Server, settings);
        if (CheckName(s, s[0]) && TryAddress(s, 1, settings, out var address))
        {
            Add(s, s[0], address, settings);
        }
    }

    public static void ReadTemplate(Statement s)
    {
        var settings = s.Proxy.Settings.DefaultServer.Copy();
        s.RunParameters(3, Section.Server, settings);
        var dash = s[1].IndexOf('-', StringComparison.Ordinal);
        var low = dash < 0 ? "1" : s[1][..dash];
        var high = s[1][(dash + 1)..];
        if (!TryNumber(low, out var first) || !TryNumber(high, out var last) || first < 1 || last < first || last - first >= MostOfTemplate)
        {
            s.Alert(1, $"'{s.Name}' expects <n> or <a>-<b>, from 1 to {MostOfTemplate} servers (got '{s[1]}').");
            return;
        }

        if (CheckName(s, s[0]) && TryAddress(s, 2, settings, out var address))
        {
            for (var i = first; i <= last; i++)
            {
                Add(s, string.Create(CultureInfo.InvariantCulture, $"{s[0]}{i}"), address, settings);
                settings = settings.Copy();
                (settings.Id, settings.Guid) = (null, null); // which are the first one's alone
            }
        }
    }

    /// <summary>What it says is put over what was said before, word by word.</summary>
    public static void ReadDefault(Statement s)
    {
        var settings = s.Proxy.Settings.DefaultServer;
        s.RunParameters(0, Section.Server, settings);
        if (settings.Id is not null || settings.Guid is not null)
        {
            s.Alert($"'{(settings.Id is null ? "guid" : "id")}' option is not accepted in default-server sections.");
            (settings.Id, settings.Guid) = (null, null);
        }
    }

    private static void Add(Statement s, string name, ServerAddress address, ServerSettings settings)
    {
        if (s.Proxy.Servers.Find(other => other.Name == name) is { } other)
        {
            s.Alert(0, $"'{s.Name} {name}' : {s.Proxy} has a server of this name already, declared at {other.Place}.");
            return;
        }

        if (settings.Id is { } id && s.Proxy.Servers.Find(other => other.Settings.Id == id) is { } twin)
        {
            s.Alert(0, $"'server {s.Proxy.Name}/{name}' : 'id' : custom id {id} already used at {twin.Place} ('server {twin.Name}').");
            return;
        }

        if (settings.Guid is { } guid && s.Model.Proxies.SelectMany(static p => p.Servers).FirstOrDefault(other => other.Settings.Guid == guid) is { } same)
        {
            s.Alert(0, $"'server {s.Proxy.Name}/{name}' : 'guid' : '{guid}' is already used at {same.Place} ('server {same.Name}').");
            return;
        }

        s.Proxy.Servers.Add(new ServerSection(name, address, settings, s.PlaceOf(1)));
    }

    /// <summary>Which of its addresses a server can have that resolvers look up.</summary>
    private static AddressFamily FamilyOf(ServerSettings settings, GlobalSettings global) => settings switch
    {
        { Resolvers: null } => AddressFamily.Any, // the system's own ways are not narrowed
        { Socks4Proxy: not null } => AddressFamily.IPv4,
        _ => global.AcceptedAddresses switch
        {
            AcceptedAddresses.IPv4 => AddressFamily.IPv4,
            AcceptedAddresses.IPv6 => AddressFamily.IPv6,
            _ => AddressFamily.Any,
        },
    };

    private static bool TryAddress(Statement s, int index, ServerSettings settings, out ServerAddress address)
    {
        var fault = ServerAddressText.Read(s[index], out address);
        if (fault is null && address.IsService)
        {
            fault = settings.Resolvers is null ? $"'{address.Host}' is a service, which only 'resolvers' can look up" : null;
        }
        else if (fault is null && address.IsName)
        {
            fault = s.Options.ResolveNames ? HostNames.Resolve(settings, ref address, FamilyOf(settings, s.Model.Global)) : null;
        }

        if (fault is not null)
        {
            s.Alert(index, $"'{s.Name} {s[0]}' : {fault}.");
        }

        return fault is null;
    }

    private static bool CheckName(Statement s, string name)
    {
        var odd = NameCharacters.FirstOdd(name);
        if (odd is not null)
        {
            s.Alert(0, $"character '{odd}' is not permitted in {s.Name} name '{name}'.");
        }

        return odd is null;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
