using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using ProxyKit.Balancing;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Tool.Tests.CSharp;

/// <summary>Options in which everything that can be set is set, to something else than it is by default.</summary>
internal static class EverythingSet
{
    /// <summary>What is left out, and why.</summary>
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["RuleOptions.Origin"] = "the line of a file that the code takes the place of",
        ["RouteOptions.Origin"] = "the same",
        ["ProcessVariableOptions.Origin"] = "the same",
        ["TiersOptions.Leases"] = "what gateways share is made in code",
        ["ClientCertificateOptions.Authorities"] = "a haproxy.cfg names files",
    };

    /// <summary>The names of the properties that are left out.</summary>
    public static IEnumerable<string> NamesLeftOut => LeftOut.Keys.Select(static k => k[(k.IndexOf('.', StringComparison.Ordinal) + 1)..]);

    /// <summary>Every byte, and what else text can have that C# might read in another way: ends of lines, marks, halves of pairs.</summary>
    private static readonly string Characters =
        string.Concat(Enumerable.Range(0, 256).Select(static c => (char)c)) + "\u2028\u2029\u200f\ufeff\ud800 \udc00 😀 {0} {{ \"\"\" \\u0041 $";

    private static readonly Dictionary<Type, object> Samples = new()
    {
        // It asks for an ACL by its name, so that these are kept too.
        [typeof(Condition)] = Match.Named("is_api", Match.Parse("{ path_beg /api }")) & Match.Parse("{ acl(is_api) }"),
        [typeof(Expression)] = Value.Parse("src"),
        [typeof(RuleAction)] = RuleActions.SetHeader("x-a", "b"),
        [typeof(RuleLanguage)] = RuleLanguage.InDirectory("maps"),
        [typeof(Balance)] = Balance.LeastConnections,
        [typeof(Capture)] = Capture.RequestHeader("host", 10),
        [typeof(ErrorPageOptions)] = ErrorPageOptions.File(404, "404.http"),
        [typeof(Reply)] = Reply.Text("no \"text\"", "text/plain", 403).WithHeader("x-a", "b"),
        [typeof(ScopePolicy)] = ScopePolicy.Parse("GET /a/* -> read\n* /b/{id} ->"),
        [typeof(ApiKeySet)] = ApiKeySet.Load(RepositoryTree.PathOf("tests", "ProxyKit.Tool.Tests", "CSharp", "Files", "keys.lst")),
        [typeof(DateOnly)] = new DateOnly(2026, 1, 31),
        [typeof(TimeZoneInfo)] = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
        [typeof(TimeSpan)] = TimeSpan.FromMilliseconds(1234),
        [typeof(SslProtocols)] = SslProtocols.Tls13,
        [typeof(LogLevel)] = LogLevel.Error,
        [typeof(IPAddress)] = IPAddress.Loopback,
        [typeof(ReadOnlyMemory<byte>)] = new ReadOnlyMemory<byte>([1, (byte)'a', (byte)'"', (byte)'\n', 255]),
        [typeof(KeyValuePair<string, Expression>)] = KeyValuePair.Create("a \"name\"", Value.Parse("src")),
        [typeof(KeyValuePair<string, string>)] = KeyValuePair.Create("a \"name\"", "a value"),
    };

    public static ProxyOptions Make()
    {
        var options = new ProxyOptions();
        Fill(options, []);
        return options;
    }

    private static void Fill(object options, HashSet<Type> within)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var isGiven = options.GetType().GetConstructors()[0].GetParameters().Any(p => p.Name == property.Name); // set when it was made
            if (isGiven || IsCode(property.PropertyType) || LeftOut.ContainsKey($"{options.GetType().Name}.{property.Name}"))
            {
                continue;
            }

            if (property.SetMethod is { IsPublic: true })
            {
                var present = property.GetValue(options);
                property.SetValue(options, Other(property.PropertyType, present, property, within));
                Assert.NotEqual(present, property.GetValue(options));
            }
            else if (property.GetValue(options) is IDictionary entries)
            {
                var types = property.PropertyType.GetGenericArguments();
                entries.Add(types[0] == typeof(int) ? 404 : types[0].IsEnum ? Other(types[0], null, property, within) : "is_api", types[1] == typeof(Condition) ? Match.Parse("{ path_beg /api }") : Other(types[1], null, property, within));
            }
            else if (property.GetValue(options) is IList elements)
            {
                foreach (var kind in KindsOf(property.PropertyType.GetGenericArguments()[0]))
                {
                    elements.Add(Other(kind, null, property, within));
                    elements.Add(Other(kind, null, property, within));
                }
            }
            else if (property.PropertyType.Namespace?.StartsWith("ProxyKit", StringComparison.Ordinal) == true && property.GetValue(options) is { } inner)
            {
                Fill(inner, within);
            }
        }
    }

    /// <summary>Code of the user's cannot be written down; the tool says so where it meets some.</summary>
    private static bool IsCode(Type type) => typeof(Delegate).IsAssignableFrom(type) || type.GetGenericArguments().Any(IsCode)
        || (type is { IsInterface: true, IsGenericType: false } && type.Namespace?.StartsWith("ProxyKit", StringComparison.Ordinal) == true);

    /// <summary>What can stand for a type: itself, or each class that is one of the kind.</summary>
    private static IEnumerable<Type> KindsOf(Type type) => !type.IsAbstract || Samples.ContainsKey(type)
        ? [type]
        : type.Assembly.GetExportedTypes().Where(t => !t.IsAbstract && type.IsAssignableFrom(t));

    /// <summary>A value of a type that is not another one.</summary>
    private static object Other(Type type, object? present, PropertyInfo property, HashSet<Type> within)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Samples.TryGetValue(type, out var sample))
        {
            return sample;
        }

        return type switch
        {
            _ when type == typeof(string) => property.Name + Characters,
            _ when type == typeof(bool) => present is not true,
            _ when type == typeof(double) => Convert.ToDouble(present ?? 0, CultureInfo.InvariantCulture) + 0.25,
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().Last(value => !value.Equals(present)),
            _ when type.IsPrimitive => Convert.ChangeType(Convert.ToInt64(present ?? 41, CultureInfo.InvariantCulture) + 1, type, CultureInfo.InvariantCulture),
            _ when type.IsArray => ArrayOf(type.GetElementType()!, property, within), // arrays have elements
            _ when type.IsGenericType && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GetGenericArguments()[0])) =>
                ArrayOf(type.GetGenericArguments()[0], property, within),
            _ when type.Namespace?.StartsWith("ProxyKit", StringComparison.Ordinal) == true && !type.IsAbstract => Made(type, property, within),
            _ => throw new InvalidOperationException($"'{property.DeclaringType!.Name}.{property.Name}' is of {type}, of which there is no sample yet."),
        };
    }

    private static Array ArrayOf(Type element, PropertyInfo property, HashSet<Type> within)
    {
        var array = Array.CreateInstance(element, 1);
        array.SetValue(Other(element, null, property, within), 0);
        return array;
    }

    private static object Made(Type type, PropertyInfo property, HashSet<Type> within)
    {
        var constructor = type.GetConstructors().MinBy(static c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"'{type}' cannot be made: give it a sample.");
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Other(p.ParameterType, null, property, within))]);
        if (within.Add(type)) // what holds its own kind ends there
        {
            Fill(made, within);
            within.Remove(type);
        }

        return made;
    }
}
