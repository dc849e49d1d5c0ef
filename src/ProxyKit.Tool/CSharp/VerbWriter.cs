using System.Reflection;
using ProxyKit.Tool.CSharp.Layout;

namespace ProxyKit.Tool.CSharp;

/// <summary>Writes settings as calls of a builder: by the verb that goes by the property's name, else by <c>Configure</c>.</summary>
internal sealed class VerbWriter(ValueWriter values)
{
    private const string Configure = "Configure";

    /// <summary>Verbs that do not go by the name of their property.</summary>
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["ForwardedHeaders"] = "Forwarded",
        ["IsBackup"] = "Backup",
        ["AcceptsProxyProtocol"] = "AcceptProxyProtocol",
        ["NetScalerMagic"] = "AcceptNetScalerHeader",
    };

    /// <summary>Writes settings.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">The options.</param>
    /// <param name="differences">What is to be set.</param>
    /// <returns>The calls, verbs first.</returns>
    public IEnumerable<Code> Write(Type builder, object options, IEnumerable<Difference> differences)
    {
        var isSaid = new HashSet<PropertyInfo>();
        var rest = new List<Difference>();
        foreach (var difference in differences)
        {
            if (isSaid.Contains(difference.Property))
            {
                continue;
            }

            if (TryVerb(builder, options, difference, isSaid) is { } call)
            {
                yield return call;
            }
            else
            {
                rest.Add(difference);
            }
        }

        if (rest.Count > 0)
        {
            yield return WriteConfigure(builder, [.. rest.SelectMany(d => Statements("options", d))]);
        }
    }

    /// <summary>A call of <c>Configure</c>.</summary>
    public Code WriteConfigure(Type builder, IReadOnlyList<Code> statements) => builder.GetMethod(Configure) is null
        ? values.Refuse($"what {builder.Name} has no verb for")
        : CodeList.Call($".{Configure}", Lambda("options", statements));

    /// <summary>The statements that set a property.</summary>
    public IEnumerable<Code> Statements(string target, Difference difference)
    {
        var property = $"{target}.{difference.Name}";
        return difference.Kind switch
        {
            DifferenceKind.Assigned when difference.IsInitOnly => [values.Refuse($"'{property}', which can be set only where its options are made,")],
            DifferenceKind.Assigned => [new CodeSequence($"{property} = ", values.Write(difference.Value))],
            DifferenceKind.Elements => difference.Elements.Select(e => CodeComment.Of(Add(property, e), RulesWriter.Origin(Differences.OriginOf(e)))),
            DifferenceKind.Entries => difference.Entries.Select(
                e => new CodeSequence($"{property}[", values.Write(e.Key), "] = ", values.Write(e.Value))),
            _ => difference.Members.SelectMany(m => Statements(property, m)),
        };
    }

    /// <summary>The statement that adds an element.</summary>
    public Code Add(string list, object? element) => CodeList.Call($"{list}.Add", values.Write(element));

    /// <summary>A lambda of one parameter.</summary>
    public static Code Lambda(string parameter, IReadOnlyList<Code> statements) =>
        statements is [var only] ? new CodeLambda(parameter, only) : new CodeBlock($"{parameter} =>", statements);

    private CodeList? TryVerb(Type builder, object options, Difference difference, HashSet<PropertyInfo> isSaid)
    {
        if (difference.Kind != DifferenceKind.Assigned)
        {
            return null;
        }

        var name = VerbOf(difference.Name);
        foreach (var verb in builder.GetMethods().Where(static m => m is { IsGenericMethod: false, IsStatic: false } && m.Name != Configure))
        {
            var parameters = verb.GetParameters();
            if (verb.Name != name && !parameters.Skip(1).Any(p => Differences.Named(options.GetType(), p.Name) == difference.Property))
            {
                continue; // Retries(count, redispatch) is also the verb of Redispatch
            }

            if (parameters.Length == 0 && difference.Value is true)
            {
                return CodeList.Call($".{verb.Name}");
            }

            if (TryValues(verb, options, isSaid) is { } call)
            {
                return call;
            }

            if (verb.Name == name && difference.Value is { } inner && TryInner(verb, inner) is { } nested)
            {
                return nested;
            }
        }

        return null;
    }

    /// <summary>A verb that takes the property it is called after, and properties that its other parameters are called after.</summary>
    private CodeList? TryValues(MethodInfo verb, object options, HashSet<PropertyInfo> isSaid)
    {
        PropertyInfo?[] properties =
        [
            options.GetType().GetProperties().FirstOrDefault(p => VerbOf(p.Name) == verb.Name),
            .. verb.GetParameters().Skip(1).Select(p => Differences.Named(options.GetType(), p.Name)),
        ];
        if (verb.GetParameters().Length == 0 || properties.Contains(null)
            || CallBinding.Best([verb], [.. properties.Select(p => p!.GetValue(options))]) is not { Elements: null } call) // none is null
        {
            return null;
        }

        isSaid.UnionWith(properties!);
        return CodeList.Call($".{verb.Name}", [.. values.Arguments(call)]);
    }

    /// <summary>A verb that makes the options of a property, from some of their properties and a lambda that sets the others.</summary>
    private CodeList? TryInner(MethodInfo verb, object inner)
    {
        var parameters = verb.GetParameters();
        if (parameters.Length == 0 || parameters[^1].ParameterType != typeof(Action<>).MakeGenericType(inner.GetType())
            || Activator.CreateInstance(inner.GetType()) is not { } fresh)
        {
            return null;
        }

        var given = parameters.SkipLast(1).Select(p => Differences.Named(inner.GetType(), p.Name)).ToArray();
        if (Array.Exists(given, p => p?.GetValue(inner) is null or ""))
        {
            return null;
        }

        var statements = Differences.Between(inner, fresh).Where(d => !given.Contains(d.Property))
            .SelectMany(d => Statements(Names.OfParameter(verb.Name), d)).ToArray();
        var arguments = given.Select(p => values.Write(p!.GetValue(inner))); // none is null
        return CodeList.Call(
            $".{verb.Name}", [.. arguments, .. statements.Length > 0 ? [Lambda(Names.OfParameter(verb.Name), statements)] : Array.Empty<Code>()]);
    }

    private static string VerbOf(string property) => OtherNames.GetValueOrDefault(property, property);
}
