"""One example of each key, by model: what editors offer and the reference shows. A test holds each to its schema.

A key that is not here has an example by its type (a day, a duration), or a list of the words it takes.
"""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "Activity": """
        id: crane
        title: Book the crane
        how: Done when the crane's firm has confirmed the day.
        phase: build
        owner: process_owner
        raci: {consulted: [security], informed: [site_lead]}
        where: {labels: {line: wet}}
        evidence: confirmation by the crane's firm
        depends_on: [equipment-order]
        needs: {integration: 1}
        staff: [{skill: training, people: 1, speaks: site}]
        source: framework contract, nine weeks from order
        from_lesson: camera-glare
    """,
    "ApprovalRecord": """
        approval: wave-1
        role: sponsor
        recorded_by: Ines Wolff
        sites: {linz: {go_live: 2027-03-30}}
    """,
    "Approved": """
        binds: v1:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
    """,
    "Blackout": """
        id: stock-take
        from: 12-14
        to: 01-04
        because: year-end stock take
        where: {region: emea}
        blocks: [go_live, training]
    """,
    "BudgetLine": """
        amount: 400000
        shared: 120000
        sites: {lyon: 40000}
        covers: [data, run]
    """,
    "Champion": """
        name: Paul Roche
        shift: 1
        role: operators
    """,
    "CommittedRecord": """
        committed: integration
        amount: 40000
    """,
    "Connector": """
        team: integration
        takes: 25wd
        needs: 2
    """,
    "Constraint": """
        after: linz
        lag: 4w
        after_exit: linz
        prefer_after: [linz, wels]
        because: shares Linz's key users
    """,
    "CostRecord": "cost: integration",
    "Criterion": """
        id: escape-rate
        measure: escape-rate
        evidence: security-review
        at: lighthouse
        at_least: 95
        at_most: 250
        unit: ppm
        max_age: 365d
        owner: process_owner
        go: At most 250 ppm escape over three weeks.
        no_go: More escape, or the count was changed.
        source: business case of 2026-05-20
    """,
    "Engineer": """
        name: Ana Ruiz
        languages: [fr, en]
        skills: [sap, optics]
        from: 2026-09-07
        to: 2027-12-31
        sites: [lyon, graz]
    """,
    "EvidenceRecord": "evidence: security-review",
    "Exclusion": """
        id: new-model
        where: {labels: {launch: x40}}
        because: it launches a product in spring
    """,
    "Forecasting": """
        common: 30
    """,
    "FoundRecord": """
        found: wms-rex
        kind: wms
        source: walk-through
    """,
    "Gate": """
        id: wave-1
        title: May it go on to the first wave?
        on: T-28
        needs: [{measure: escape-rate, at: lighthouse, at_most: 250}, {evidence: security-review, max_age: 365d}]
        approvals: {sponsor: 1, security: 1}
        tolerance: 5d
        binds_fields: [shifts, labels.line]
    """,
    "GoLiveDays": """
        on: [tuesday, wednesday]
        per_day: 1
    """,
    "GovernanceRecord": """
        governance: 2.3
        intended_use: Finds surface defects; an inspector decides
        data: 40,000 pictures of six plants, no people in them
        monitoring_owner: Yannick Moreau
        monitoring_metric: false rejects above 5 % of a shift
        retraining_trigger: a new product family
    """,
    "HaltRecord": """
        halt: recall
        resume_when: [new firmware]
        except: [bergen]
    """,
    "HolidayCalendar": """
        weekend: [saturday, sunday]
        from: 2026
        to: 2028
        days: {2027-05-01: Labour Day}
    """,
    "Holidays": """
        source: holidays 0.109
        calendars: {DE-BY: {weekend: [saturday, sunday], from: 2026, to: 2028}}
    """,
    "Hypercare": """
        lasts: 28d
        at_once: 6
        needs: {support: 1}
        staff: [{skill: hypercare, speaks: site}]
    """,
    "IncidentRecord": """
        incident: camera-3-dark
        says: Camera 3 delivers no picture
        severity: 2
    """,
    "ItemRecord": """
        item: security-review
    """,
    "LessonRecord": """
        lesson: camera-glare
        says: Hood the cameras before training
        affects: {workflows: [visual-inspection]}
    """,
    "LighthouseFit": """
        readiness: {leadership: 40}
        represents: {workflows: 20, labels.optics: 10}
        least: {leadership: 4}
        max_age: 90d
        margin: 5
        never: [{id: new-model, where: {labels: {launch: x40}}, because: it launches a product in spring}]
    """,
    "Limit": """
        id: per-region
        same: region
        max: 2
        where: {labels: {line: wet}}
        because: one support room per region
    """,
    "Link": """
        id: orders
        between: [sap-ecc-eu, apriso]
        carries: orders
        waived: {owner: Jonas Keller, because: retired in June, until: 2027-06-30}
    """,
    "LinkWaiver": """
        owner: Jonas Keller
        because: retired in June
        until: 2027-06-30
    """,
    "Location": """
        lat: 45.75
        lon: 4.85
    """,
    "Made": """
        engine: core
        effort: normal
        bound: {waves: 4}
    """,
    "Neighbours": """
        sites: [graz, linz, wels]
        within: 6w
        because: one lorry for all
    """,
    "NoteRecord": """
        note: works-council
        says: they meet on the first Monday
    """,
    "Opportunity": """
        id: vision-defects
        title: Find surface defects by camera
        value: 2900000
        effort: 3400
        sites: {workflows: packaging}
        owner: {name: Bernd Aigner, title: Head of quality}
        plan: vision
        reuse: {package-counts: 40%}
        because: business case of 2026-05-20
    """,
    "Person": """
        name: Claire Dubois
        title: Quality manager
        phone: +33 4 5550 0117
    """,
    "Plan": """
        name: Vision defect detection
        preset: manufacturing@1
        branch: main
        version: 2.3
        sites: {region: emea, systems: [apriso]}
        lighthouse: lyon
        lighthouse_fit: {least: {leadership: 4}}
        waves: {every: month, size: 3-4}
        hypercare: {lasts: 28d, at_once: 6}
        limits: [{id: per-region, same: region, max: 2}]
        constraints: {graz: {after: linz, lag: 4w, because: shares Linz's key users}}
        together: [[bergen, oslo]]
        apart: [[turin, milan]]
        neighbours: [{sites: [graz, linz], within: 6w}]
        prerequisites: {platform-eu: {title: Platform in the EU, takes: 30wd, where: {region: emea}}}
        connectors: {takes: 40d}
        blackouts: [{id: freeze, from: 12-18, to: 01-03, every: year}]
        windows: [{id: month-begin, from: 2, to: 10, every: month}]
        activities: {crane: {title: Book the crane, starts: T-30, takes: 5wd}}
        gates: {wave-1: {on: T-28, approvals: {sponsor: 1}}}
        training: {class_size: 10, hours: 4}
        people: {programme_manager: {name: Katrin Sommer, email: k.sommer@example.com}}
        opportunity: vision-defects
        budget: {integration: 400000, change: 250000}
        documents: [playbook, checklist, training, go-no-go]
        written_in: en
        replan: {hold: 6w}
        forecast: {spread: 90-130%}
        stop_when: {red: 3}
    """,
    "Portfolio": """
        value_in: EUR a year
        effort_in: person-days
        opportunities: {vision-defects: {title: Find defects by camera, value: 2900000, effort: 3400}}
    """,
    "Prerequisite": """
        id: platform-eu
        title: Platform in the EU region
        needs: {integration: 2}
        staff: [{skill: sap, people: 2}]
        takes: 30wd
        at_best: 25wd
        at_worst: 45wd
        where: {region: emea}
        depends_on: [platform-us]
    """,
    "ProofRecord": """
        proof: escape-rate
        before: 820
        target: 250
        after: 240
        unit: ppm
    """,
    "Raci": """
        responsible: [hr, site_lead]
        accountable: hr
        consulted: [security]
        informed: [programme_manager]
    """,
    "ReadinessRecord": """
        readiness: {leadership: 5, data_quality: 3}
    """,
    "Record": """
        by: Claire Dubois
        because: cameras come late
    """,
    "ReforecastRecord": """
        reforecast: integration
        at_completion: 24000
    """,
    "Register": """
        believed: {erp: 1}
        systems: {apriso: {kind: mes, owner: operations, connector: {team: integration, takes: 25wd}}}
        links: [{id: orders, between: [sap-ecc-eu, apriso]}]
    """,
    "ResumeRecord": """
        resume: recall
    """,
    "RuleSetting": """
        severity: error
        because: the board asks for it
    """,
    "Schedule": """
        made: {as_of: 2026-10-01, outcome: optimal, proved: [waves]}
        sites: {lyon: {wave: 0, go_live: 2027-02-09}}
        prerequisites: {connector-apriso: {starts: 2026-10-05, ready: 2026-11-09}}
        unplaced: {joinville: no sponsor}
    """,
    "Selector": """
        id: [lyon, graz]
        country: [DE, FR]
        subdivision: BY
        region: emea
        business_unit: coatings
        systems: [apriso]
        workflows: [visual-inspection]
        languages: [fr]
        labels: {line: wet}
    """,
    "Site": """
        name: Lyon Coatings
        subdivision: ARA
        languages: [fr]
        location: {lat: 45.75, lon: 4.85}
        region: emea
        business_unit: coatings
        labels: {line: wet, lease_ends: 2028}
        value: 8
        site_lead: {name: Claire Dubois, email: c.dubois@example.com}
        sponsor: {name: Marc Petit, title: VP Operations}
        headcount: {operators: 140, supervisors: 12}
        champions: [{name: Paul Roche, shift: 1}]
        systems: [sap-ecc-eu, apriso]
        workflows: [visual-inspection, packaging]
        weekend: [friday, saturday]
        blackouts: [{id: stock-take, from: 12-14, to: 01-04, every: year}]
        windows: [{id: summer, from: 07-26, to: 08-22, every: year}]
        formerly: [lyon-2]
    """,
    "Spoke": """
        id: coatings
        serves: [coatings, films]
        engineers: [{name: Ana Ruiz, languages: [fr, en], from: 2026-09-07}]
    """,
    "Staff": """
        skill: training
        people: 1
    """,
    "System": """
        id: apriso
        title: DELMIA Apriso
        kind: mes
        owner: operations
        connector: {team: integration, takes: 25wd}
    """,
    "Team": """
        id: integration
        people: 4
        person_days: 12
        skills: [sap, mes]
        languages: [en, fr]
    """,
    "Teams": """
        plans: [vision, forecasting]
        teams: {integration: {hub: true, people: 4, skills: [sap, mes]}}
        spokes: {coatings: {serves: [coatings], engineers: [{name: Ana Ruiz}]}}
        approvers: {sponsor: [Marc Petit], security: [Ines Wolff]}
    """,
    "Training": """
        class_size: 10
        hours: 4
    """,
    "UserCounts": """
        onboarded: 140
        active: 112
    """,
    "UsersRecord": """
        users: {onboarded: 140, active: 112}
    """,
    "WaiverRecord": """
        waiver: security-review
        gate: go-live
        owner: Ines Wolff
    """,
    "Waves": """
        size: 3-4
        go_live: {on: [tuesday, wednesday], per_day: 1}
    """,
    "Window": """
        id: month-begin
        from: 2
        to: 10
        because: books are closed after the tenth
        where: {region: emea}
    """,
}
"""By the name of the model; records also have those of `Record`."""
