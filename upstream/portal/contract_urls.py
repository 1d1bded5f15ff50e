"""Addresses of contracts with payers and of lines that were paid short."""

from django.urls import path

from upstream.portal.views import contracts, underpaid

CONTRACTS = [
    path("payers/<uuid:public_id>/contracts/", contracts.payer_contracts, name="payer_contracts"),
    path("payers/<uuid:public_id>/contracts/add/", contracts.add, name="payer_contract_add"),
    path("contracts/<uuid:public_id>/", contracts.contract, name="contract"),
    path("contracts/<uuid:public_id>/prices.csv", contracts.prices, name="contract_prices"),
    path("contracts/<uuid:public_id>/change/", contracts.change, name="contract_change"),
    path("contracts/<uuid:public_id>/switch/", contracts.switch, name="contract_switch"),
    path("contracts/<uuid:public_id>/load/", contracts.load, name="contract_load"),
    path("contracts/<uuid:public_id>/price/", contracts.price, name="contract_price"),
    path("contracts/<uuid:public_id>/modifier/", contracts.modifier, name="contract_modifier"),
    path("contracts/modifiers/<uuid:public_id>/take-back/", contracts.modifier_take_back, name="modifier_take_back"),
    path("contracts/loads/<uuid:public_id>/undo/", contracts.load_undo, name="load_undo"),
    path("underpaid/", underpaid.underpaid, name="underpaid"),
    path("underpaid.csv", underpaid.as_csv, name="underpaid_csv"),
    path("underpaid/move/", underpaid.move_all, name="underpaid_move"),
    path("underpaid/tolerance/", underpaid.leeway, name="underpaid_leeway"),
    path("underpaid/<uuid:public_id>/", underpaid.short, name="short"),
    path("underpaid/<uuid:public_id>/move/", underpaid.move, name="short_move"),
    path("underpaid/<uuid:public_id>/undo/", underpaid.undo, name="short_undo"),
]
