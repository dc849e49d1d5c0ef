using ProxyKit.Checks;

namespace ProxyKit.Tests.Checks;

public sealed class HealthMachineTests
{
    [Theory]
    [InlineData("F", "DOWN")] // HC-02: up until checks say otherwise, and the first one may
    [InlineData("S", "UP")]
    [InlineData("SF", "UP 2/3")]
    [InlineData("SFF", "UP 1/3")]
    [InlineData("SFFS", "UP")]
    [InlineData("SFFF", "DOWN")] // HC-01
    [InlineData("FS", "DOWN 1/2")]
    [InlineData("FSF", "DOWN")]
    [InlineData("FSFSS", "UP")]
    [InlineData("C", "NOLB")]
    [InlineData("CF", "NOLB 2/3")]
    [InlineData("CS", "UP")]
    [InlineData("FC", "DOWN 1/2")] // a server that is down has to pass often enough before it may ask for less
    [InlineData("FCC", "NOLB")]
    [InlineData("FSC", "NOLB")]
    public void Status_follows_the_results(string results, string status)
    {
        var machine = Checked();

        Feed(machine, results);

        Assert.Equal(status, StatusOf(machine));
    }

    [Theory]
    [InlineData(InitialServerState.Up, "UP 1/3")]
    [InlineData(InitialServerState.FullyUp, "UP")]
    [InlineData(InitialServerState.Down, "DOWN 1/2")]
    [InlineData(InitialServerState.FullyDown, "DOWN")]
    public void Start_is_as_the_options_say(InitialServerState initial, string status) => Assert.Equal(status, StatusOf(Checked(initial)));

    [Theory]
    [InlineData(InitialServerState.Up, "UP 1/3")]
    [InlineData(InitialServerState.FullyDown, "DOWN")]
    public void End_of_maintenance_is_a_start(InitialServerState initial, string status)
    {
        var machine = Checked(initial);
        Feed(machine, "SSS");
        machine.SetAdmin(AdminFlags.ForcedMaintenance, AdminFlags.None);
        machine.SetAdmin(AdminFlags.None, AdminFlags.ForcedMaintenance);

        Assert.Equal(status, StatusOf(machine));
    }

    [Theory]
    [InlineData(true, "Running")]
    [InlineData(false, "Stopping")] // somebody said so by hand, say
    public void Loss_of_the_check_lets_new_clients_in_that_it_turned_away(bool lostCheck, string state)
    {
        var machine = Checked();
        Feed(machine, "C");

        machine.IsChecked = false;
        machine.Reconsider(lostCheck);

        Assert.Equal(state, machine.State.ToString());
    }

    [Fact]
    public void Result_in_maintenance_says_nothing()
    {
        var machine = Checked();
        machine.SetAdmin(AdminFlags.ForcedMaintenance, AdminFlags.None);
        Feed(machine, "SSS");
        machine.NoteAgent(isUp: true);

        Assert.Equal(("MAINT", 0), (StatusOf(machine), machine.Check.Value));
    }

    [Theory] // HC-19
    [InlineData(false, false, "DOWN (agent)")]
    [InlineData(false, true, "UP 1/3")]
    [InlineData(true, false, "DOWN (agent)")]
    [InlineData(true, null, "UP 1/3")]
    [InlineData(false, null, "DOWN (agent)")]
    public void What_the_agent_said_last_counts_at_the_end_of_maintenance(bool before, bool? meanwhile, string status)
    {
        var machine = Checked();
        machine.HasAgent = true;
        machine.NoteAgent(before);
        machine.SetAdmin(AdminFlags.ForcedMaintenance, AdminFlags.None);
        if (meanwhile is { } isUp)
        {
            machine.NoteAgent(isUp);
            Assert.Equal("MAINT", StatusOf(machine));
        }

        machine.SetAdmin(AdminFlags.None, AdminFlags.ForcedMaintenance);

        Assert.Equal(status, StatusOf(machine));
    }

    [Fact]
    public void Agent_that_is_gone_for_good_holds_nobody_down()
    {
        var machine = Checked();
        machine.HasAgent = true;
        machine.NoteAgent(isUp: false);

        machine.HasAgent = false;
        machine.Reconsider(lostCheck: false);

        Assert.Equal("UP 1/3", StatusOf(machine));
        machine.HasAgent = true; // another one, which has not spoken
        Assert.Equal("UP 1/3", StatusOf(machine));
    }

    [Fact]
    public void Drain_of_a_server_with_an_agent_is_shown_as_the_agents()
    {
        var machine = Checked();
        machine.HasAgent = true;
        machine.SetAdmin(AdminFlags.ForcedDrain, AdminFlags.None);

        Assert.Equal("DRAIN (agent)", StatusOf(machine));
        Assert.Equal("UP 1/3", HealthText.StatusOf(Checked(), Checked(), null, isWeightless: false));
        Assert.Equal("DRAIN 1/3", HealthText.StatusOf(Checked(), Checked(), null, isWeightless: true));
    }

    [Fact]
    public void Server_with_an_agent_alone_is_one_without_a_check()
    {
        var machine = new HealthMachine { HasAgent = true };
        machine.Start();

        Assert.Equal("no check", StatusOf(machine));
        machine.NoteAgent(isUp: false);
        Assert.Equal("DOWN (agent)", StatusOf(machine));
    }

    [Fact]
    public void Drain_goes_on_with_checks()
    {
        var machine = Checked();
        machine.SetAdmin(AdminFlags.ForcedDrain, AdminFlags.None);
        Feed(machine, "F");

        Assert.Equal("DOWN", StatusOf(machine));
        Feed(machine, "SS");
        Assert.Equal("DRAIN", StatusOf(machine));
    }

    [Fact]
    public void Agent_alone_undoes_what_the_agent_did()
    {
        var machine = Checked();
        machine.HasAgent = true;
        machine.NoteAgent(isUp: false);
        Feed(machine, "SSSS");

        Assert.Equal("DOWN (agent)", StatusOf(machine));
        machine.NoteAgent(isUp: true);
        Assert.Equal("UP", StatusOf(machine));
    }

    [Fact]
    public void Agent_does_not_bring_up_what_checks_hold_down()
    {
        var machine = Checked();
        machine.HasAgent = true;
        Feed(machine, "F");
        machine.NoteAgent(isUp: true);

        Assert.Equal("DOWN", StatusOf(machine));
    }

    [Fact]
    public void Agent_does_not_take_back_that_no_clients_are_wanted()
    {
        var machine = Checked();
        machine.HasAgent = true;
        Feed(machine, "C");
        machine.NoteAgent(isUp: true);

        Assert.Equal("NOLB", StatusOf(machine));
    }

    [Theory] // HC-13
    [InlineData(ErrorReaction.CheckSooner, 3)]
    [InlineData(ErrorReaction.FailCheck, 2)]
    [InlineData(ErrorReaction.SuddenDeath, 1)]
    [InlineData(ErrorReaction.MarkDown, 0)]
    public void Errors_cost_as_much_health_as_the_reaction_says(ErrorReaction reaction, int failuresLeft)
    {
        var machine = Checked();
        Feed(machine, "S");
        machine.NoteErrors(reaction);

        Assert.Equal(failuresLeft == 0, machine.State == OperationalState.Stopped);
        Feed(machine, new string('F', Math.Max(0, failuresLeft - 1)));
        Assert.Equal(failuresLeft == 0, machine.State == OperationalState.Stopped);
        Feed(machine, "F");
        Assert.Equal(OperationalState.Stopped, machine.State);
    }

    [Fact]
    public void Forced_health_lasts_until_checks_say_otherwise()
    {
        var machine = Checked();
        machine.Force(OperationalState.Stopped);
        Assert.Equal("DOWN", StatusOf(machine));
        Feed(machine, "SS");
        Assert.Equal("UP", StatusOf(machine));
        machine.Force(OperationalState.Stopping);
        Assert.Equal("NOLB", StatusOf(machine));
    }

    [Fact]
    public void Tracking_server_takes_over_all_that_the_other_one_is()
    {
        var machine = new HealthMachine();
        machine.Start();
        machine.Follow(OperationalState.Stopped, inMaintenance: false, isDraining: false);
        Assert.Equal("DOWN", StatusOf(machine));
        machine.Follow(OperationalState.Stopped, inMaintenance: true, isDraining: false);
        Assert.Equal("MAINT", StatusOf(machine));
        machine.Follow(OperationalState.Running, inMaintenance: false, isDraining: true);
        Assert.Equal("DRAIN", StatusOf(machine));
        machine.Follow(OperationalState.Stopping, inMaintenance: false, isDraining: false);
        Assert.Equal("NOLB", StatusOf(machine));
        machine.Follow(OperationalState.Running, inMaintenance: false, isDraining: false);
        Assert.Equal("UP", StatusOf(machine));
    }

    [Fact]
    public void Tracking_server_has_a_maintenance_of_its_own()
    {
        var machine = new HealthMachine();
        machine.Start();
        machine.Follow(OperationalState.Running, inMaintenance: false, isDraining: false);
        machine.SetAdmin(AdminFlags.ForcedMaintenance, AdminFlags.None);
        machine.Follow(OperationalState.Running, inMaintenance: false, isDraining: false);
        Assert.Equal("MAINT", StatusOf(machine));
        machine.SetAdmin(AdminFlags.None, AdminFlags.ForcedMaintenance);
        Assert.Equal("UP", StatusOf(machine));
    }

    [Fact]
    public void Other_limits_leave_what_is_up_up_and_what_is_down_down()
    {
        var counter = new HealthCounter(2, 3);
        counter.Fill();
        counter.Fail();
        counter.SetLimits(5, 5);
        Assert.True(counter.IsUp);
        Assert.False(counter.IsFull);
        counter.Empty();
        counter.Pass();
        counter.SetLimits(1, 1);
        Assert.False(counter.IsUp);
    }

    private static HealthMachine Checked(InitialServerState initial = InitialServerState.Up)
    {
        var machine = new HealthMachine { IsChecked = true, Initial = initial };
        machine.Start();
        return machine;
    }

    private static void Feed(HealthMachine machine, string results)
    {
        foreach (var result in results)
        {
            machine.NoteCheck(result switch { 'S' => CheckVerdict.Passed, 'C' => CheckVerdict.Conditional, _ => CheckVerdict.Failed });
        }
    }

    private static string StatusOf(HealthMachine machine)
    {
        var watched = machine;
        if (machine.IsTracking)
        {
            watched = Checked(InitialServerState.FullyUp);
        }

        return HealthText.StatusOf(machine, watched, null, isWeightless: false);
    }
}
