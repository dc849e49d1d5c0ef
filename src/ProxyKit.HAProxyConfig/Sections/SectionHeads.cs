using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Lexing;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Replies;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Opens sections: <c>frontend www from web</c> and the like.</summary>
internal sealed class SectionHeads(ConfigReader reader)
{
    private static readonly Dictionary<string, Section> Kinds = new(StringComparer.Ordinal)
    {
        ["global"] = Section.Global,
        ["defaults"] = Section.Defaults,
        ["frontend"] = Section.Frontend,
        ["backend"] = Section.Backend,
        ["listen"] = Section.Listen,
        ["userlist"] = Section.Userlist,
        ["http-errors"] = Section.HttpErrors,
        ["resolvers"] = Section.Resolvers,
        ["peers"] = Section.Peers,
        ["ring"] = Section.Ring,
        ["cache"] = Section.Cache,
        ["mailers"] = Section.Mailers,
        ["log-forward"] = Section.LogForward,
        ["log-profile"] = Section.LogProfile,
        ["crt-store"] = Section.CrtStore,
        ["acme"] = Section.Acme,
        ["fcgi-app"] = Section.FcgiApp,
        ["traces"] = Section.Traces,
        ["healthcheck"] = Section.Healthcheck,
        ["tiers"] = Section.Tiers,
        ["metering"] = Section.Metering,
        ["authentication"] = Section.Authentication,
    };

    private ProxySection? _lastDefaults;

    /// <summary>The words that open a section.</summary>
    public static IEnumerable<string> Words => Kinds.Keys;

    private DiagnosticList Diagnostics => reader.Diagnostics;

    private ConfigModel Model => reader.Model;

    /// <summary>Opens a section where a line does; false for any other line.</summary>
    public bool TryOpen(ConfigLine line, out OpenSection opened)
    {
        var word = line.Words[0].Text;
        if (word == "program")
        {
            Diagnostics.Alert(line.PlaceOf(0), "the 'program' section was removed in 3.3.");
            opened = new OpenSection(Section.None, word, null);
            return true;
        }

        if (!Kinds.TryGetValue(word, out var kind))
        {
            opened = null!; // not to be read, as the result says
            return false;
        }

        opened = new OpenSection(kind, word, kind switch
        {
            Section.Global => Global(line),
            Section.Defaults => Defaults(line),
            Section.Frontend => Proxy(line, ProxyKind.Frontend),
            Section.Backend => Proxy(line, ProxyKind.Backend),
            Section.Listen => Proxy(line, ProxyKind.Listen),
            _ => Auxiliary(line, kind),
        });
        return true;
    }

    private GlobalSettings Global(ConfigLine line)
    {
        NoMoreThan(line, 1);
        return Model.Global;
    }

    private ProxySection Defaults(ConfigLine line)
    {
        var named = line.Words.Count > 1 && line.Words[1].Text != "from";
        var name = named ? line.Words[1].Text : "";
        if (named && CheckName(line, 1))
        {
            if (Model.Defaults.Find(d => d.Name == name) is { } other)
            {
                Diagnostics.Warning(
                    line.PlaceOf(1),
                    $"defaults section '{name}' has the same name as another one declared at {other.Place}: the later one is meant from here on.");
            }
        }

        // Nothing is inherited from the section before it: only from one that is named.
        var from = From(line, named ? 2 : 1, out var names);
        if (from?.Rules.FirstPlace is { } rules)
        {
            Diagnostics.Alert(line.PlaceOf(0), $"a defaults section cannot start from {from}, which has rules (see {rules}).");
        }

        var defaults = new ProxySection(ProxyKind.Defaults, name, line.Place, from) { NamesFrom = names };
        Model.Defaults.Add(defaults);
        _lastDefaults = defaults;
        return defaults;
    }

    private ProxySection Proxy(ConfigLine line, ProxyKind kind)
    {
        var word = line.Words[0].Text;
        var name = line.Words.Count > 1 ? line.Words[1].Text : "";
        if (name.Length == 0)
        {
            Diagnostics.Alert(line.PlaceOf(0), $"'{word}' expects an <id> argument.");
        }
        else if (CheckName(line, 1) && Model.FindProxy(name) is { } other)
        {
            Diagnostics.Alert(
                line.PlaceOf(1), $"{word} '{name}' has the same name as {other} declared at {other.Place}.");
        }

        var from = From(line, 2, out var names) ?? _lastDefaults;
        var proxy = new ProxySection(kind, name, line.Place, from) { NamesFrom = names };
        Model.Proxies.Add(proxy);
        return proxy;
    }

    /// <summary>The section behind <c>from</c>; null where nothing is said.</summary>
    private ProxySection? From(ConfigLine line, int index, out bool names)
    {
        names = false;
        if (line.Words.Count <= index)
        {
            return null;
        }

        if (line.Words[index].Text != "from")
        {
            Diagnostics.Alert(
                line.PlaceOf(index), $"'{line.Words[0].Text}' cannot handle unexpected argument '{line.Words[index].Text}'.");
            return null;
        }

        if (line.Words.Count == index + 1)
        {
            Diagnostics.Alert(line.PlaceOf(index), "'from' expects the name of a defaults section.");
            return null;
        }

        NoMoreThan(line, index + 2);
        var name = line.Words[index + 1].Text;
        var found = Model.Defaults.FindLast(d => d.Name == name);
        names = found is not null;
        if (found is null || name.Length == 0)
        {
            Diagnostics.Alert(
                line.PlaceOf(index + 1),
                $"defaults section '{name}' not found for {line.Words[0].Text} '{line.Words[1].Text}'"
                + $"{NearestName.Hint(name, Model.Defaults.Select(static d => d.Name))}.");
        }

        return found;
    }

    private object? Auxiliary(ConfigLine line, Section kind)
    {
        var word = line.Words[0].Text;
        var needsName = kind is not (Section.CrtStore or Section.Traces or Section.Metering);
        var name = line.Words.Count > 1 ? line.Words[1].Text : "";
        if (needsName && name.Length == 0)
        {
            Diagnostics.Narrow(DiagnosticSeverity.Alert, line.PlaceOf(0), $"'{word}' expects <name> as arguments.");
            return Target(kind, "", line.Place);
        }

        NoMoreThan(line, kind == Section.Metering ? 1 : 2);
        if (name.Length > 0 && CheckName(line, 1) && !Model.Auxiliary.TryAdd((kind, name), line.Place))
        {
            Diagnostics.Narrow(
                DiagnosticSeverity.Alert,
                line.PlaceOf(1),
                $"{word} '{name}' has the same name as another one declared at {Model.Auxiliary[(kind, name)]}.");
        }

        if (UnsupportedSections.Contain(kind))
        {
            Diagnostics.Alert(line.PlaceOf(0), $"'{word}' sections are not supported yet.");
        }

        return Target(kind, name, line.Place);
    }

    /// <summary>What the lines of a section are about; null where none of them is run.</summary>
    private object? Target(Section kind, string name, Place place) => kind switch
    {
        Section.Userlist => Add(Model.UserLists, new UserListSection(name)),
        Section.HttpErrors => Add(Model.ErrorSections, new ErrorSectionOptions { Name = name }),
        Section.Resolvers => Add(Model.Resolvers, new ResolversSection(name, place)),
        Section.Healthcheck => Add(Model.HealthChecks, new HealthCheckSection(name, place)),
        Section.Mailers => Add(Model.Mailers, new MailersSection(name, place)),
        Section.CrtStore => Add(Model.CertificateStores, new CertificateStore(name)),
        Section.Tiers => Add(Model.Tiers, new TiersSection(name, place)),
        Section.Metering => Metering(place),
        Section.Authentication => Add(Model.Authentications, new AuthenticationSection(name, place)),
        _ => null,
    };

    private static T Add<T>(List<T> sections, T section)
    {
        sections.Add(section);
        return section;
    }

    private MeteringSection Metering(Place place)
    {
        if (Model.Metering is { } other)
        {
            Diagnostics.Alert(place, $"there is a 'metering' section already, at {other.Place}.");
        }

        return Model.Metering ??= new MeteringSection(place);
    }

    private bool CheckName(ConfigLine line, int index)
    {
        var name = line.Words[index].Text;
        if (NameCharacters.FirstOdd(name) is { } odd)
        {
            Diagnostics.Alert(line.PlaceOf(index), $"character '{odd}' is not permitted in '{line.Words[0].Text}' name '{name}'.");
            return false;
        }

        return true;
    }

    private void NoMoreThan(ConfigLine line, int words)
    {
        if (line.Words.Count > words)
        {
            Diagnostics.Alert(
                line.PlaceOf(words), $"'{line.Words[0].Text}' cannot handle unexpected argument '{line.Words[words].Text}'.");
        }
    }
}
