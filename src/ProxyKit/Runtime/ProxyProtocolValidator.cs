using ProxyKit.Backends;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with what servers are told of the connections they get, and of themselves.</summary>
internal static class ProxyProtocolValidator
{
    private const ProxyProtocolFacts AllFacts = ProxyProtocolFacts.Tls | ProxyProtocolFacts.CommonName | ProxyProtocolFacts.Cipher
        | ProxyProtocolFacts.SignatureAlgorithm | ProxyProtocolFacts.KeyAlgorithm | ProxyProtocolFacts.Authority | ProxyProtocolFacts.UniqueId
        | ProxyProtocolFacts.Checksum;

    private const int FirstField = 0xE0, LastField = 0xEF; // what the protocol leaves to its users

    /// <summary>Looks at the header that connections to a server begin with.</summary>
    public static void Validate(ProxyProtocolOptions options, BackendOptions backend, FaultPath path)
    {
        path.CheckDefined(nameof(options.Version), options.Version);
        if ((options.Facts & ~AllFacts) != 0)
        {
            path.Add(nameof(options.Facts), $"{options.Facts} has a flag that does not exist");
        }

        if (options.Version == ProxyProtocolVersion.Text && (options.Facts != ProxyProtocolFacts.None || options.Fields.Count > 0))
        {
            path.Add(nameof(options.Version), "version 1 has room for addresses only");
        }

        foreach (var (type, value) in options.Fields)
        {
            if (type is < FirstField or > LastField)
            {
                path.Add(nameof(options.Fields), $"type {type} is out of range ({FirstField}-{LastField})");
            }
            else if (value is null)
            {
                path.Add(nameof(options.Fields), $"that of type {type} is null");
            }
        }

        if (backend.Hedge is not null && ((options.Facts & ProxyProtocolFacts.UniqueId) != 0 || options.Fields.Count > 0))
        {
            path.Add("a header that tells of the request cannot go together with Hedge, for which it would be made for several servers at a time");
        }
    }

    /// <summary>Looks at the field that tells servers their names.</summary>
    public static void ValidateNameHeader(BackendOptions options, FaultPath path)
    {
        if (options.ServerNameHeader is not { } name)
        {
            return;
        }

        if (options.Mode != ProxyMode.Http)
        {
            path.Add(nameof(options.ServerNameHeader), "is for HTTP only");
        }

        if (!LogOptionsValidator.IsFieldName(name))
        {
            path.Add(nameof(options.ServerNameHeader), $"{FaultPath.Quote(name)} is no name of a header field");
        }
        else if (name.ToUpperInvariant() is "HOST" or "CONTENT-LENGTH" or "TRANSFER-ENCODING" or "CONNECTION")
        {
            path.Add(nameof(options.ServerNameHeader), $"{FaultPath.Quote(name)} decides how a request is read, and is not to be replaced");
        }

        if (options.Hedge is not null)
        {
            path.Add(nameof(options.ServerNameHeader), "cannot go together with Hedge, which has one request for several servers at a time");
        }
    }
}
