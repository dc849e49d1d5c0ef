using ProxyKit.Backends;
using ProxyKit.Rules;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with the fields that tell servers addresses.</summary>
internal static class AddressFieldValidator
{
    /// <summary>Checks one of them.</summary>
    /// <param name="property">The name of its property.</param>
    /// <param name="options">The field; null for none.</param>
    /// <param name="mode">What is spoken there.</param>
    /// <param name="path">The way to it.</param>
    public static void Validate(string property, AddressFieldOptions? options, ProxyMode mode, FaultPath path)
    {
        if (options is null)
        {
            return;
        }

        if (mode != ProxyMode.Http)
        {
            path.Add(property, "is for HTTP only");
        }

        var field = path.In(property);
        if (options.Name is { } name && !LogOptionsValidator.IsFieldName(name))
        {
            field.Add(nameof(options.Name), $"{FaultPath.Quote(name)} is no name of a header field");
        }

        foreach (var network in options.Except)
        {
            try
            {
                AddressRanges.Parse([network], nameof(options.Except));
            }
            catch (ArgumentException e)
            {
                field.Add(nameof(options.Except), e.Message.Split(" (Parameter", 2)[0]);
            }
        }
    }
}
