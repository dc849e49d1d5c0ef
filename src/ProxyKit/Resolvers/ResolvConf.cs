using System.Net;

namespace ProxyKit.Resolvers;

/// <summary>Reads the nameservers of a file like <c>/etc/resolv.conf</c>.</summary>
internal static class ResolvConf
{
    /// <summary>The addresses behind <c>nameserver</c>; what is none is passed over, as the system does.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IReadOnlyList<IPAddress> Read(string path)
    {
        var addresses = new List<IPAddress>();
        foreach (var line in File.ReadLines(path))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var text, ..] && IPAddress.TryParse(text, out var address) && !addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }
}
