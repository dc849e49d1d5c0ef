using ProxyKit.Authentication;
using ProxyKit.Backends;
using ProxyKit.Identities;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with who may come in; the files that it names are read when the configuration is put to use.</summary>
internal static class AuthenticationOptionsValidator
{
    public static void Validate(AuthenticationOptions options, ProxyMode mode, FaultPath path)
    {
        var isAny = options.Schemes.Count + options.Requirements.Count + options.Rules.Count > 0 || options.Policy is not null;
        if (isAny && mode == ProxyMode.Tcp)
        {
            path.Add("is for HTTP only");
        }
        else if (isAny && options.Schemes.Count == 0)
        {
            path.Add(nameof(options.Schemes), "there is none, so that nobody would ever be known");
        }

        if (options.RefusalStatus is not (401 or 403))
        {
            path.Add(nameof(options.RefusalStatus), $"{options.RefusalStatus} is neither 401 nor 403");
        }

        if (options.Realm?.Any(static c => c is '"' or '\\' || char.IsControl(c)) == true)
        {
            path.Add(nameof(options.Realm), $"{FaultPath.Quote(options.Realm)} has quotes, backslashes or control characters");
        }

        foreach (var (fault, reply) in options.Replies)
        {
            if (!Enum.IsDefined(fault) || fault == AuthenticationFault.None || reply is null)
            {
                path.Add(nameof(options.Replies), $"{fault} is no reason to refuse, or has no reply");
            }
        }

        foreach (var (scheme, position) in path.Elements(nameof(options.Schemes), options.Schemes))
        {
            var place = path.In("scheme", null, position);
            foreach (var fault in scheme.Faults())
            {
                place.Add(fault);
            }
        }

        foreach (var (requirement, position) in path.Elements(nameof(options.Requirements), options.Requirements))
        {
            ValidateRequirement(requirement, path.In("requirement", null, position));
        }

        foreach (var (rule, position) in path.Elements(nameof(options.Rules), options.Rules))
        {
            if (rule.Action is null)
            {
                path.In("rule", null, position).Add(nameof(rule.Action), "is null");
            }
        }
    }

    private static void ValidateRequirement(RequirementOptions options, FaultPath path)
    {
        if (options.Scopes.Count + options.Claims.Count == 0)
        {
            path.Add("nothing is required");
        }

        foreach (var scope in options.Scopes)
        {
            if (!ScopeName.IsValid(scope))
            {
                path.Add(nameof(options.Scopes), $"{FaultPath.Quote(scope ?? "")} is no scope: one word of visible ASCII, without quotes and backslashes");
            }
        }

        foreach (var claim in options.Claims)
        {
            if (claim is null || string.IsNullOrEmpty(claim.Path))
            {
                path.Add(nameof(options.Claims), "one has no name");
            }
        }
    }
}
