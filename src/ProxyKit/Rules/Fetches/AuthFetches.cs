using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>Who the client says it is, and whether a list of users agrees.</summary>
internal static class AuthFetches
{
    private static readonly KeywordArgument List = new("userlist", ArgumentKind.UserList);

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("http_auth", SampleType.Boolean, RuleStages.OfRequest, IsRight, List),
        Fetch.Of("http_auth_group", SampleType.String, RuleStages.OfRequest, RightUser, List),
        GroupsInCondition,
        Fetch.Of("http_auth_user", SampleType.String, RuleStages.OfRequest, User),
        Fetch.Of("http_auth_pass", SampleType.String, RuleStages.OfRequest, Password),
        Fetch.Of("http_auth_type", SampleType.String, RuleStages.OfRequest, Scheme),
        Fetch.Of("http_auth_bearer", SampleType.String, RuleStages.OfRequest, Bearer, Fetch.Optional("header")),
    ];

    /// <summary>In a condition the patterns are groups, so the values are the groups that the user is in, one after the other.</summary>
    private static FetchKeyword GroupsInCondition => new()
    {
        Name = "http_auth_group",
        Type = SampleType.String,
        Stages = RuleStages.OfRequest,
        Create = Groups,
        Arguments = [List],
        DefaultMatch = "str",
        IsForConditionsOnly = true,
        CheckPatterns = CheckGroups,
    };

    /// <exception cref="RuleFaultException">The list has no such group, so that nobody would ever be in it.</exception>
    private static void CheckGroups(KeywordUse use, IReadOnlyList<string> groups)
    {
        var list = use.Compiler.UserListFor(use.Arguments.Text(0));
        foreach (var group in groups)
        {
            if (!list.GroupNames.Contains(group))
            {
                throw new RuleFaultException(
                    $"http_auth_group: unable to find group '{group}' in userlist '{list.Name}'{NearestName.Hint(group, list.GroupNames)}");
            }
        }
    }

    private static SampleFetch IsRight(KeywordUse use)
    {
        var list = use.Compiler.UserListFor(use.Arguments.Text(0));
        return (RuleContext context, ref Sample sample) =>
            Credentials.TryRead(context, out var credentials) && credentials.IsBasic
            && sample.Set(list.IsRight(credentials.User, credentials.Password));
    }

    private static SampleFetch RightUser(KeywordUse use)
    {
        var list = use.Compiler.UserListFor(use.Arguments.Text(0));
        return (RuleContext context, ref Sample sample) =>
            Credentials.TryRead(context, out var credentials) && credentials.IsBasic
            && list.IsRight(credentials.User, credentials.Password) && sample.SetString(credentials.User);
    }

    private static SampleFetch Groups(KeywordUse use)
    {
        var list = use.Compiler.UserListFor(use.Arguments.Text(0));
        return (RuleContext context, ref Sample sample) =>
        {
            // The password was found to be right when the first group was asked for: hashing is dear.
            if (!Credentials.TryRead(context, out var credentials) || !credentials.IsBasic
                || (sample.Cursor == 0 && !list.IsRight(credentials.User, credentials.Password)))
            {
                return false;
            }

            var groups = list.GroupsOf(credentials.User);
            if (sample.Cursor >= groups.Length)
            {
                sample.HasMore = false;
                return false;
            }

            sample.HasMore = sample.Cursor + 1 < groups.Length;
            return sample.SetString(groups[sample.Cursor++]);
        };
    }

    private static bool User(RuleContext context, ref Sample sample) =>
        Credentials.TryRead(context, out var credentials) && credentials.IsBasic && sample.SetString(credentials.User);

    private static bool Password(RuleContext context, ref Sample sample) =>
        Credentials.TryRead(context, out var credentials) && credentials.IsBasic && sample.SetString(credentials.Password);

    private static bool Scheme(RuleContext context, ref Sample sample) =>
        Credentials.TryRead(context, out var credentials) && sample.SetString(credentials.IsBasic ? "Basic"u8 : "Bearer"u8);

    /// <summary>A field that is named is found even where it is not there: its token is empty then.</summary>
    private static SampleFetch Bearer(KeywordUse use)
    {
        if (!use.Arguments.IsGiven(0))
        {
            return static (RuleContext context, ref Sample sample) =>
                Credentials.TryRead(context, out var credentials) && !credentials.IsBasic && sample.SetString(credentials.Token);
        }

        var name = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
        return (RuleContext context, ref Sample sample) =>
        {
            if (!MessageHeads.TryGetRequest(context, out var request))
            {
                return false;
            }

            var values = new HeaderValues(request.Headers, name, isWhole: false);
            if (!values.MoveNext() || !Credentials.TrySplit(values.Current, out var scheme, out var token))
            {
                return sample.SetString(default);
            }

            return Ascii.EqualsIgnoreCase(scheme, "bearer"u8) && sample.SetString(token);
        };
    }
}
