namespace ProxyKit.Backends;

/// <summary>A header field that tells servers an address: the client's, or the one that the client has connected to. It is added behind all rules, as a
/// field of its own behind those that the request has. HAProxy: <c>option forwardfor</c>, <c>option originalto</c>.</summary>
/// <remarks>Where both the frontend and the backend have one, the backend's name counts, the networks of both are left out, and the field is left
/// to the client only where both say so.</remarks>
public sealed class AddressFieldOptions
{
    /// <summary>The field's name. HAProxy: <c>header</c>.</summary>
    /// <value>Null, the default, for <c>x-forwarded-for</c>, or <c>x-original-to</c>.</value>
    public string? Name { get; set; }

    /// <summary>The addresses and networks, such as <c>10.0.0.0/8</c>, that are not told. HAProxy: <c>except</c>.</summary>
    public IList<string> Except { get; } = [];

    /// <summary>Whether a field of that name which the request has already is left as it is. HAProxy: <c>if-none</c>.</summary>
    /// <value>False by default.</value>
    public bool OnlyWhereMissing { get; set; }
}
