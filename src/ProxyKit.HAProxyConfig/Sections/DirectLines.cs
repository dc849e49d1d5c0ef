using ProxyKit.HAProxyConfig.Addresses;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads <c>dispatch</c> lines: an address that everything goes to, without a name and without checks.</summary>
internal static class DirectLines
{
    /// <summary>The name of what has none, as logs have it.</summary>
    public const string Nameless = "<NOSRV>";

    public static Keyword Dispatch => Keyword.Runs("dispatch", Section.Back, "<addr>:<port>", static s =>
    {
        var fault = ServerAddressText.Read(s[0], out var address);
        if (fault is null && address.PortOffset is not null)
        {
            fault = $"missing port specification in '{s[0]}'";
        }
        else if (fault is null && address.IsName)
        {
            fault = s.Options.ResolveNames ? HostNames.Resolve(new ServerSettings(), ref address) : null;
        }

        if (fault is not null)
        {
            s.Alert(0, $"'{s.Name}' : {fault}.");
            return;
        }

        s.Proxy.Direct = new ServerSection(Nameless, address, new ServerSettings(), s.PlaceOf(0));
    });
}
