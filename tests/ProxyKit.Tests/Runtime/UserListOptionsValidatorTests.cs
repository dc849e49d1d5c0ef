using ProxyKit.Checks;
using ProxyKit.Rules.Replies;
using ProxyKit.Rules.UserLists;

namespace ProxyKit.Tests.Runtime;

public sealed class UserListOptionsValidatorTests
{
    [Fact]
    public void Faults_of_users_and_groups_are_told_with_their_place()
    {
        var list = new UserListOptions { Name = "staff" };
        list.Users.Add(new UserOptions { Name = "ann", PasswordHash = "$6$x", Groups = { "" } });
        list.Users.Add(new UserOptions { Name = "ann" });
        list.Users.Add(new UserOptions { Name = null! });
        list.Users.Add(null!);
        list.Groups.Add(new UserGroupOptions { Name = "", Users = { "nobody", null!, "ann" } });

        Assert.Equal(
            [
                "user list \"staff\" > user \"ann\" > Groups: one has no name.",
                "user list \"staff\" > user \"ann\" > PasswordHash: the hash is of no known kind: $5$, $6$, $pbkdf2-sha256$ and $pbkdf2-sha512$ are, each with its salt and its sum.",
                "user list \"staff\" > user 3 > Name: a name is needed.",
                "user list \"staff\" > Users: number 4 is null.",
                "user list \"staff\" > Users: 2 of them are named \"ann\".",
                "user list \"staff\" > group 1 > Name: a name is needed.",
                "user list \"staff\" > group 1 > Users: one has no name.",
                "user list \"staff\" > group 1 > Users: there is no user \"nobody\" in the list.",
            ],
            Faults(options => options.UserLists.Add(list)));
    }

    [Fact]
    public void Lists_and_error_sections_have_names_of_their_own() => Assert.Equal(
        [
            "user list 1 > Name: a name is needed.",
            "UserLists: number 2 is null.",
            "UserLists: 2 of them are named \"a\".",
            "error section 1 > Name: a name is needed.",
            "ErrorSections: number 2 is null.",
            "frontend \"f\" > ErrorPages: one is null.",
            "backend \"b\" > ErrorPages: one is null.",
        ],
        Faults(static options =>
        {
            options.UserLists.Add(new UserListOptions { Name = null! });
            options.UserLists.Add(null!);
            options.UserLists.Add(new UserListOptions { Name = "a" });
            options.UserLists.Add(new UserListOptions { Name = "a" });
            options.ErrorSections.Add(new ErrorSectionOptions { Name = "" });
            options.ErrorSections.Add(null!);
            options.Frontends[0].ErrorPages.Add(null!);
            options.Backends[0].ErrorPages.Add(null!);
        }));

    [Theory]
    [MemberData(nameof(IncompleteSteps))]
    public void Step_of_a_check_that_lacks_a_part_is_told(CheckStep step, string fault) => Assert.Equal(
        [$"backend \"b\" > HealthCheck > Steps: number 1 {fault}."],
        Faults(options =>
        {
            options.Backends[0].CheckServers = new ServerCheckOptions();
            options.Backends[0].HealthCheck = new HealthCheckOptions { Kind = step is ExpectStep ? HealthCheckKind.Script : HealthCheckKind.Http, Steps = { step } };
        }));

    public static TheoryData<CheckStep, string> IncompleteSteps()
    {
        const string NoRequest = "is no request: a space or a line end is where none may be, or a name or a value is missing";
        return new()
        {
            { new HttpSendStep { Method = null! }, NoRequest },
            { new HttpSendStep { Target = null! }, NoRequest },
            { new HttpSendStep { Version = null! }, NoRequest },
            { new HttpExpectStep { Kind = HttpExpectation.Status, Pattern = null! }, "has no pattern" },
            { new ExpectStep { Kind = CheckPattern.Text, Pattern = null! }, "has no pattern" },
        };
    }

    private static IReadOnlyList<string> Faults(Action<ProxyOptions> configure) => Proxy.Check(new ProxyBuilder()
        .AddFrontend("f", static f => f.Bind("*:80").DefaultBackend("b"))
        .AddBackend("b", static b => b.AddServer("s", "127.0.0.1:81"))
        .Configure(configure)
        .Build());
}
